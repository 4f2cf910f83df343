use shapewise::network;

network! {
    pub struct Net(image: 227x227x3) -> 1000 {
        conv1: conv(96, 11x11, stride = 4), relu => ?;
        global_avg_pool, linear(1000);
    }
}

fn main() {}
