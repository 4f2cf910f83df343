use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        conv(width, 3x3, padding = half);
    }
}

fn main() {}
