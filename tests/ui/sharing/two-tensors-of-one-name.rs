use shapewise::network;

network! {
    pub struct Net(features: 64) -> 10 {
        #[name = "fc"]
        hidden: linear(32), relu;
        fc: linear(10);
    }
}

fn main() {}
