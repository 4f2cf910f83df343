use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        conv(8, 3x3);
        assert memory <= 64KiB;
    }
}

fn main() {}
