use shapewise::network;

network! {
    use crate::blocks::loop;

    pub struct Net(image: 8x8x3) -> 8x8x3 { relu; }
}

fn main() {}
