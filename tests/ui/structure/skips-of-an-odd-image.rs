use shapewise::network;

network! {
    block Up(channels, skip) {
        conv_transpose(channels, 2x2, stride = 2);
        concat(skip, _);
        conv(channels, 3x3, padding = 1), relu;
    }

    pub struct UNet(image: 350x525x3) -> (map: 350x525x2) {
        e1: conv(8, 3x3, padding = 1), relu;
        max_pool(2x2);
        e2: conv(16, 3x3, padding = 1), relu;
        max_pool(2x2);
        e3: conv(32, 3x3, padding = 1), relu;
        max_pool(2x2);
        e4: conv(64, 3x3, padding = 1), relu;
        max_pool(2x2);
        conv(128, 3x3, padding = 1), relu;
        Up(64, e4), Up(32, e3), Up(16, e2), Up(8, e1);
        conv(2, 1x1);
    }
}

fn main() {}
