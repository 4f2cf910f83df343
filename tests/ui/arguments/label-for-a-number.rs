use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 30x30x8 {
        stem: conv(8, 1x1);
        conv(stem, 3x3);
    }
}

fn main() {}
