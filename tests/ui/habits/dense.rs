use shapewise::network;

network! {
    pub struct Net(features: 64) -> 10 {
        fc: Dense(10);
    }
}

fn main() {}
