use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        conv(8, 3x3);
        assert params <= 100;
        assert macs <= 100;
    }
}

fn main() {}
