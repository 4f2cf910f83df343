use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 10 {
        conv1: conv(6, 5x5), relu => 24x24x6;
        pool1: max_pool(8x8) => 3x3x6;
        conv2: conv(16, 5x5), relu;
        fc: flatten, linear(10);
    }
}

fn main() {}
