use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 30x30x16 {
        stem: conv(16, 3x3x3);
    }
}

fn main() {}
