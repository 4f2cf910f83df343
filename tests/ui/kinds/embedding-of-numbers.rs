use shapewise::network;

network! {
    pub struct Net(features: 16) -> (out) {
        linear(8), embedding(100, 8);
    }
}

fn main() {}
