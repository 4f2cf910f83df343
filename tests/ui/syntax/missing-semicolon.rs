use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 20x20x16 {
        conv1: conv(6, 5x5), relu
        conv2: conv(16, 5x5), relu;
    }
}

fn main() {}
