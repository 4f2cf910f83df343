use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 28x28x1 {
        residual;
    }
}

fn main() {}
