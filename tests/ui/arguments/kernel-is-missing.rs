use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 30x30x8 {
        stem: conv(8);
    }
}

fn main() {}
