use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 28x28x8 {
        conv(8, 3x3, padding = -1);
    }
}

fn main() {}
