use shapewise::network;

network! {
    pub struct Net(features: 64) -> 64 {
        dropout(50);
    }
}

fn main() {}
