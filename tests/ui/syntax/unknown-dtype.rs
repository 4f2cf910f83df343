use shapewise::network;

network! {
    #[dtype(float32)]
    pub struct Net(image: 28x28x1) -> 10 {
        flatten, linear(10);
    }
}

fn main() {}
