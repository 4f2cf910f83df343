use shapewise::network;

network! {
    pub struct Fuse(image: 8x8x3, mask: 8x8x1) -> 8x8x4 { concat(image, mask); }
    pub struct Net(image: 8x8x3, mask: 8x8x1) -> 8x8x4 { fused: Fuse; }
}

fn main() {}
