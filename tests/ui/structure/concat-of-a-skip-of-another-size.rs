use shapewise::network;

network! {
    pub struct Net(image: 572x572x1) -> 2 {
        enc: conv(64, 3x3), relu;
        conv(64, 3x3), relu;
        down: max_pool(2x2), conv(128, 3x3), relu;
        up: conv_transpose(64, 2x2, stride = 2);
        concat(enc, up);
        global_avg_pool, linear(2);
    }
}

fn main() {}
