use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 30x30x8 {
        conv(8, kernel_size = 3x3);
    }
}

fn main() {}
