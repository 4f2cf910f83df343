use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 10 {
        #[dtype(f16)]
        fc: flatten, linear(10);
    }
}

fn main() {}
