use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 15x15x16 {
        stem: conv(16, 3x3, stride = 2x2x2);
    }
}

fn main() {}
