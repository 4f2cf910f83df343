use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        repeat 2KiB { relu; }
    }
}

fn main() {}
