use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 12x12x6 {
        conv1: conv(6, 5x5, stride: 2);
    }
}

fn main() {}
