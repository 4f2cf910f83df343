use shapewise::network;

network! {
    pub struct Net(image: (32, 32, 3)) -> 10 {
        flatten, linear(10);
    }
}

fn main() {}
