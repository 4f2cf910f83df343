use shapewise::network;

network! {
    block conv(channels, kernel) { linear(channels), relu; }

    pub struct Net(image: 16x16x8) -> (out) {
        conv(8, 1x1);
    }
}

fn main() {}
