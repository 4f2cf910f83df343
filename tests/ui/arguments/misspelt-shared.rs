use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        first: conv(8, 1x1);
        conv(8, 1x1, sharde = first);
    }
}

fn main() {}
