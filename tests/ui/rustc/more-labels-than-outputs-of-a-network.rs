use shapewise::network;

mod other {
    shapewise::network! {
        pub(crate) struct Features(image: 8x8x3) -> 8x8x4 { conv(4, 1x1); }
        pub(crate) struct Pair(left: 8x8x3, right: 8x8x3) -> 8x8x3 { add(left, right); }
    }
}

network! {
    pub struct Net(image: 8x8x3) -> (a: 8x8x4, b: 8x8x4) { (a, b): other::Features; }
}

fn main() {}
