use shapewise::network;

network! {
    pub struct Net(features: 64) -> 32 {
        linear(32.0);
    }
}

fn main() {}
