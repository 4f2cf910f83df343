use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 32x32x64 {
        let width = 64;
        conv(2 * widht, 1x1);
    }
}

fn main() {}
