use shapewise::network;

network! {
    pub struct Head(image: 8x8x3) -> 8x8x3 { relu; Body; }
    pub struct Body(image: 8x8x3) -> 8x8x3 { Head; }
}

fn main() {}
