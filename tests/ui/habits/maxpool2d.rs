use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 16x16x3 {
        pool: MaxPool2d(2x2);
    }
}

fn main() {}
