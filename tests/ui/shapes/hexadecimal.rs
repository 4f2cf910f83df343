use shapewise::network;

network! {
    pub struct Net(image: 0x3) -> 10 {
        flatten, linear(10);
    }
}

fn main() {}
