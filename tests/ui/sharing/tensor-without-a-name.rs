use shapewise::network;

network! {
    pub struct Net(features: 64) -> 10 {
        #[tensor("kernel")]
        head: linear(10);
    }
}

fn main() {}
