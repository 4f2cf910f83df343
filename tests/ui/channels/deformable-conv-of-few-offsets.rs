use shapewise::network;

network! {
    pub struct Net(image: 32x32x16) -> 32x32x8 {
        offset: conv(9, 3x3, padding = half);
        from image, deformable_conv(8, 3x3, offset, padding = half);
    }
}

fn main() {}
