use shapewise::network;

network! {
    pub struct Net(image: 32x0x3) -> 10 {
        flatten, linear(10);
    }
}

fn main() {}
