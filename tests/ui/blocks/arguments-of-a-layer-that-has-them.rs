use shapewise::network;

network! {
    block Part(first) { first(3), relu; }

    pub struct Net(image: 16x16x8) -> (out) {
        Part(conv(8, 1x1));
    }
}

fn main() {}
