use shapewise::network;

network! {
    pub struct Net(image: 32x32x12) -> 30x30x8 {
        mix: conv(8, 3x3, groups = 6);
    }
}

fn main() {}
