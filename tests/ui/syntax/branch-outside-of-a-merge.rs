use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 28x28x2 {
        branch { conv(1, 1x1); }
    }
}

fn main() {}
