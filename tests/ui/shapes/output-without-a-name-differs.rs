use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 10 {
        conv1: conv(10, 5x5), relu;
    }
}

fn main() {}
