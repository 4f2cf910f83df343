use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 10 {
        conv1: conv(8, 3x3, stride = 2), relu;
        conv2: conv(8, 3x3, stride = 4), relu;
        pool: max_pool(5x5);
        flatten, linear(10);
    }
}

fn main() {}
