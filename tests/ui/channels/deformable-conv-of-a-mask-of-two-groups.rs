use shapewise::network;

network! {
    pub struct Net(image: 32x32x16) -> 32x32x8 {
        offset: conv(18, 3x3, padding = half);
        mask: from image, conv(18, 3x3, padding = half), sigmoid;
        from image, deformable_conv(8, 3x3, offset, padding = half, mask = mask);
    }
}

fn main() {}
