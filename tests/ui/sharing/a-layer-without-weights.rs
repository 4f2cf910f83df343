use shapewise::network;

network! {
    pub struct Net(image: 28x28x4) -> 28x28x4 {
        stem: conv(4, 1x1);
        relu(shared = stem);
    }
}

fn main() {}
