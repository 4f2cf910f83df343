use shapewise::network;

network! {
    pub struct Net(x: 8) -> 8 {
        #[allow(nonsense)]
        fc: linear(8);
    }
}

fn main() {}
