use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 32x32x1 {
        conv(input.channels // 2, 1x1);
    }
}

fn main() {}
