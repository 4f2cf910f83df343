use shapewise::network;

network! {
    pub struct Net(features: 784) -> 10 {
        linear(in_features = 784, out_features = 10);
    }
}

fn main() {}
