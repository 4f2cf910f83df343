use shapewise::network;

network! {
    pub struct Net(image: 1x3x224x224) -> 10 {
        conv1: conv(64, 7x7, stride = 2, padding = 3), relu;
        global_avg_pool, linear(10);
    }
}

fn main() {}
