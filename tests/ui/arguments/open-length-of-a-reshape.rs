use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        reshape(-1), linear(10);
    }
}

fn main() {}
