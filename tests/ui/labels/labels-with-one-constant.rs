use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 28x28x8 {
        stem_conv: conv(8, 3x3, padding = half);
        stem: { conv: conv(8, 3x3, padding = half); }
    }
}

fn main() {}
