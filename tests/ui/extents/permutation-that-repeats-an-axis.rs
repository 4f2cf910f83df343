use shapewise::network;

network! {
    pub struct Net(image: 28x28x3) -> 28x28x3 {
        permute([1, 1, 2]);
    }
}

fn main() {}
