use shapewise::network;

network! {
    pub struct Net(image: 32x32x16) -> 32x32x8 {
        deformable_conv(8, 3x3, padding = half);
    }
}

fn main() {}
