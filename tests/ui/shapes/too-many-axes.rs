use shapewise::network;

network! {
    pub struct Net(image: 2x3x4x5x6x7) -> 10 {
        flatten, linear(10);
    }
}

fn main() {}
