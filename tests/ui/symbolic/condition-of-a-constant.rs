use shapewise::network;

const CLASSES: usize = 10;

network! {
    pub struct Net(image: 8x8x3) -> [CLASSES] {
        if CLASSES > 2 { relu; }
        fc: flatten, linear(CLASSES);
    }
}

fn main() {}
