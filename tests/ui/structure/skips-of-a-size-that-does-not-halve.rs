use shapewise::network;

network! {
    pub struct UNet(image: 700x700x3) -> (map) {
        e1: conv(8, 3x3, padding = 1), relu;
        max_pool(2x2);
        e2: conv(16, 3x3, padding = 1), relu;
        max_pool(2x2);
        e3: conv(32, 3x3, padding = 1), relu;
        max_pool(2x2);
        conv(64, 3x3, padding = 1), relu, upsample(2);
        concat(e3, _);
        conv(32, 3x3, padding = 1), relu, upsample(2);
        concat(e2, _);
        conv(16, 3x3, padding = 1), relu, upsample(2);
        concat(e1, _);
        conv(2, 1x1);
    }
}

fn main() {}
