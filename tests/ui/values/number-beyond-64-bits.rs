use shapewise::network;

network! {
    pub struct Net(features: 64) -> 64 {
        linear(99999999999999999999);
    }
}

fn main() {}
