use shapewise::network;

network! {
    pub struct Net(image: 1e3x2) -> 10 {
        flatten, linear(10);
    }
}

fn main() {}
