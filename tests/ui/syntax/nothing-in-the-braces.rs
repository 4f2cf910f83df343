use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 10 {}
}

fn main() {}
