use shapewise::network;

network! {
    pub struct Net(features: 64) -> 64 {
        linear(1 << 64);
    }
}

fn main() {}
