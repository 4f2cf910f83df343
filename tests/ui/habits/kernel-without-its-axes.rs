use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 30x30x64 {
        conv1: conv(64, 3);
    }
}

fn main() {}
