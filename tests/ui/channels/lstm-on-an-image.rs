use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 128 {
        read: lstm(128);
    }
}

fn main() {}
