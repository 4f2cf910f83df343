use shapewise::network;

network! {
    pub struct Net(image: 32x32x16) -> 16x16x8 {
        offset: conv(18, 3x3, padding = half);
        from image, deformable_conv(8, 3x3, offset, stride = 2, padding = half);
    }
}

fn main() {}
