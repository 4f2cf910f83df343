use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 30x36x8 {
        conv(8, 3x3, padding = 0x3);
    }
}

fn main() {}
