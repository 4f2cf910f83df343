use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        let width = 64;
        conv(width[0], 3x3);
    }
}

fn main() {}
