use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        conv(8, 3x3, paddig = 1);
        residual { conv(8, 3x3); }
        assert parms <= 100;
    }
}

fn main() {}
