use shapewise::network;

network! {
    pub struct Net(features: 784) -> 10 {
        fc: linear(784, 10);
    }
}

fn main() {}
