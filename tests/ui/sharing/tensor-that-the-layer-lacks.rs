use shapewise::network;

network! {
    pub struct Net(features: 64) -> 10 {
        #[tensor(kernel = "weight")]
        head: linear(10);
    }
}

fn main() {}
