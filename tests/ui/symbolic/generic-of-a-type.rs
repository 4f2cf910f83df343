use shapewise::network;

network! {
    pub struct Net<T>(image: 8x8x3) -> 8x8x3 { relu; }
}

fn main() {}
