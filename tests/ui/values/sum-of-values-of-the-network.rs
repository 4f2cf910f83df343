use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        a: conv(8, 1x1);
        b: from image, conv(8, 1x1);
        from a + b, relu;
    }
}

fn main() {}
