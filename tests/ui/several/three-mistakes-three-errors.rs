use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 10 {
        conv1: conv(6, 5x5, strde = 1), relu => 24x24x6;
        pool1: max_pool(2x2, 2) => 12x12x6;
        conv2: conv(16, 15x15), relu => 8x8x16;
        pool2: max_pool(2x2) => 4x4x16;
        fc: flatten, linear(10);
    }
}

fn main() {}
