use shapewise::network;

network! {
    pub struct Net(a: 8x8x3, b: 8x8x3, c: 8x8x3) -> 8x8x3 {
        sub(a, b, c);
    }
}

fn main() {}
