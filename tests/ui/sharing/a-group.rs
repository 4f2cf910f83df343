use shapewise::network;

network! {
    pub struct Net(image: 28x28x4) -> 28x28x4 {
        stem: { conv(4, 1x1); relu; }
        head: conv(4, 1x1, shared = stem);
    }
}

fn main() {}
