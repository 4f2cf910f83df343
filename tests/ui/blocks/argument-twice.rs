use shapewise::network;

network! {
    block Narrow(channels) {
        conv(channels, 1x1);
    }

    pub struct Net(image: 32x32x3) -> 32x32x8 {
        Narrow(8, channels = 8);
    }
}

fn main() {}
