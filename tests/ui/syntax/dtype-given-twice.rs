use shapewise::network;

network! {
    #[dtype(f16)]
    #[dtype(f32)]
    pub struct Net(x: 8) -> 8 {
        fc: linear(8);
    }
}

fn main() {}
