use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        block Part(channels) { conv(channels, 1x1), relu; }
        Part(8);
        Part(4);
    }
}

fn main() {}
