use shapewise::network;

network! {
    pub struct Net(features: 64) -> 10 {
        head: Sequential(linear(32), relu, linear(10));
    }
}

fn main() {}
