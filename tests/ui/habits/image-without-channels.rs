use shapewise::network;

network! {
    pub struct Net(image: 28x28) -> 10 {
        conv1: conv(6, 5x5), relu;
        flatten, linear(10);
    }
}

fn main() {}
