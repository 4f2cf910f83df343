use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 10 {
        conv1: conv(6, 5x5) relu => 24x24x6;
        conv2: conv(16, 25x25), relu => 8x8x16;
        fc: linear(10);
    }
}

fn main() {}
