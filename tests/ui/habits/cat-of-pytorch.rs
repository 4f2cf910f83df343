use shapewise::network;

network! {
    pub struct Net(image: 8x8x4) -> 8x8x8 {
        side: conv(4, 1x1);
        cat(image, side);
    }
}

fn main() {}
