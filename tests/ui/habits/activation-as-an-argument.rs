use shapewise::network;

network! {
    pub struct Net(features: 64) -> 10 {
        fc: linear(10, activation = relu);
    }
}

fn main() {}
