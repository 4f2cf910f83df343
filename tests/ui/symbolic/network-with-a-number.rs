use shapewise::network;

network! {
    pub struct Features(image: 8x8x3) -> 8x8x4 { conv(4, 1x1); }
    pub struct Net(image: 8x8x3) -> 8x8x4 { backbone: Features(4); }
}

fn main() {}
