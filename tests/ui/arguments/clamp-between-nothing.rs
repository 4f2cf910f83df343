use shapewise::network;

network! {
    pub struct Net(x: 32) -> 32 {
        clamp;
    }
}

fn main() {}
