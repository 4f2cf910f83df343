use shapewise::network;

network! {
    pub struct Net(image: 17x17x8) -> 15x15x8 {
        skip: conv(8, 3x3);
        wide: from image, conv(8, 2x2);
        sum: add(skip, wide);
    }
}

fn main() {}
