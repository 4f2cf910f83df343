use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 32x32x16 {
        stem: conv(16, 3x3, padding = causal);
    }
}

fn main() {}
