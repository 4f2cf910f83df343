use shapewise::network;

network! {
    pub struct Net(features: 4294967296) -> 18446744073709551615 {
        linear(18446744073709551615);
    }
}

fn main() {}
