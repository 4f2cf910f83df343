use shapewise::network;

network! {
    pub struct Net(features: 64) -> 10 {
        linear(units = 10);
    }
}

fn main() {}
