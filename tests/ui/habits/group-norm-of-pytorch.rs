use shapewise::network;

network! {
    pub struct Net(image: 28x28x64) -> 28x28x64 {
        norm: GroupNorm(5, 64);
    }
}

fn main() {}
