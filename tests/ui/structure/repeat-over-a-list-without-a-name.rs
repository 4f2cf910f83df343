use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        repeat [64, 128] { conv(64, 3x3, padding = half), relu; }
    }
}

fn main() {}
