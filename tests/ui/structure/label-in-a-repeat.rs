use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        stack: repeat 3 { part: conv(8, 1x1); }
        concat(part, _);
    }
}

fn main() {}
