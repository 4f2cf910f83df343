use shapewise::network;

network! {
    pub struct Net(image: 8x8x4) -> 8x8x4 {
        left: conv(4, 1x1);
        right: from image, conv(4, 1x1);
        sum: add(left -> conv(4, 1x1), right);
    }
}

fn main() {}
