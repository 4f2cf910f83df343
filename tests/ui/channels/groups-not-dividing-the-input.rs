use shapewise::network;

network! {
    pub struct Net(image: 32x32x6) -> 30x30x8 {
        mix: conv(8, 3x3, groups = 4);
    }
}

fn main() {}
