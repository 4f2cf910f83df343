use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 15x15x8 {
        conv(8, 3x3, stride = 0);
    }
}

fn main() {}
