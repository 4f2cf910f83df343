use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        a: conv(4, 1x1);
        b: from input, conv(4, 1x1);
        concat([a, b], axis = -1);
    }
}

fn main() {}
