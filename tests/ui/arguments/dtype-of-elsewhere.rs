use shapewise::network;

network! {
    #[dtype(int8)]
    pub struct Net(x: 8) -> 8 {
        fc: linear(8);
    }
}

fn main() {}
