use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        conv(8, 3x3, padding = valid);
    }
}

fn main() {}
