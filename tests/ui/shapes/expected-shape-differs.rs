use shapewise::network;

network! {
    pub struct Net(image: 227x227x3) -> 1000 {
        conv1: conv(96, 11x11, stride = 4), relu => 56x56x96;
        pool1: max_pool(3x3, stride = 2) => 27x27x96;
        flatten, linear(1000);
    }
}

fn main() {}
