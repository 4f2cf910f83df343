use shapewise::network;

const WIDTH: usize = 7;

network! {
    pub struct Inexact(image: 8x8x3) -> [8, 8, WIDTH] {
        conv((WIDTH + 2) / 2, 1x1);
        conv(WIDTH, 1x1);
    }

    pub struct Zero(image: 8x8x3) -> [8, 8, WIDTH] {
        conv(div_ceil(input.channels, WIDTH - 7), 1x1);
        conv(WIDTH, 1x1);
    }

    pub struct Beyond(image: 8x8x3) -> [8, 8, WIDTH] {
        conv(WIDTH << 64, 1x1);
        conv(WIDTH, 1x1);
    }

    pub struct Backwards(image: 8x8x3) -> [8, 8, WIDTH] {
        let bits = WIDTH - 10_000;
        conv(64 >> bits, 1x1);
        conv(WIDTH, 1x1);
    }

    pub struct Negative(image: 8x8x3) -> [8, 8, WIDTH] {
        conv(WIDTH - 8, 1x1);
        conv(WIDTH, 1x1);
    }
}

fn main() {}
