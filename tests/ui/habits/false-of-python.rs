use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 30x30x8 {
        conv(8, 3x3, bias = False);
    }
}

fn main() {}
