use shapewise::network;

network! {
    block Part(channels, channels) { conv(channels, 1x1), relu; }

    pub struct Net(image: 16x16x8) -> (out) {
        Part(8);
    }
}

fn main() {}
