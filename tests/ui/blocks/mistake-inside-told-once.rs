use shapewise::network;

network! {
    block Down(channels) {
        conv(channels, 3x3, padding = half), relu;
        conv(channels, 3x3, groups = 7), relu;
    }

    pub struct Net(image: 32x32x3) -> 10 {
        Down(64);
        Down(128);
        Down(256);
        global_avg_pool, linear(10);
    }
}

fn main() {}
