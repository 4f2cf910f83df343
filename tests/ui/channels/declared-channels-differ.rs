use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 10 {
        conv1: conv(6, 5x5), relu;
        pool1: max_pool(2x2);
        conv2: conv(8 -> 16, 5x5), relu;
        flatten, linear(10);
    }
}

fn main() {}
