use shapewise::network;

network! {
    pub struct Net(features: 64) -> 64 {
        ReLU();
    }
}

fn main() {}
