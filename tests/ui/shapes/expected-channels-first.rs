use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 10 {
        conv1: conv(16, 3x3), relu => 16x30x30;
        conv2: conv(8, 31x31);
        head: global_avg_pool, linear(10);
    }
}

fn main() {}
