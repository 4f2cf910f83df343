use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> features {
        features: flatten, linear(10);
    }
}

fn main() {}
