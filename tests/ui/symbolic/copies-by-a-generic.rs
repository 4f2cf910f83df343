use shapewise::network;

network! {
    pub struct Net<const COPIES: usize>(image: 8x8x3) -> 8x8x3 {
        repeat COPIES { conv(3, 3x3, padding = half), relu; }
    }
}

fn main() {}
