use shapewise::network;

network! {
    pub struct Net(features: 64) -> 64 {
        relu(0.1);
    }
}

fn main() {}
