use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 30x30x8 {
        conv(in_channels = 3, out_channels = 8, kernel = 3x3);
    }
}

fn main() {}
