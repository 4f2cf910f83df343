use shapewise::network;

network! {
    pub struct Net(features: 64) -> 128 {
        residual {
            linear(256), relu, linear(128);
        }
    }
}

fn main() {}
