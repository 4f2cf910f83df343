use shapewise::network;

network! {
    block Part(channels) { conv(channels, 1x1), relu; }

    pub struct Net(image: 16x16x8) -> (out) {
        Part(8 -> 4);
    }
}

fn main() {}
