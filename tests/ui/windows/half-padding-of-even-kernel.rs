use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 32x32x16 {
        stem: conv(16, 4x4, padding = half);
    }
}

fn main() {}
