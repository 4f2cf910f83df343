use shapewise::network;

const SIZE: usize = 8;

network! {
    pub struct Net(image: [SIZE, SIZE, 3]) -> 10 {
        conv1: conv(16, 3x3), max_pool(2x2);
        conv2: conv(32, 5x5), relu;
        fc: flatten, linear(10);
    }
}

fn main() {}
