use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 32x32x5 {
        conv(input.channels * 3 / 2, 1x1);
    }
}

fn main() {}
