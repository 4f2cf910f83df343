use shapewise::network;

network! {
    block Down(channels) {
        conv(channels, 3x3), relu;
        pool: max_pool(2x2);
    }

    pub struct Net(image: 32x32x3) -> 10 {
        Down(64);
        Down(128);
        Down(256);
        Down(512);
        global_avg_pool, linear(10);
    }
}

fn main() {}
