use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        conv(8 -> 4, 3x3, stride = 1 -> 2);
    }
}

fn main() {}
