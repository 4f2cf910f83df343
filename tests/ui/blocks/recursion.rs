use shapewise::network;

network! {
    block Left() {
        relu, Right;
    }

    block Right() {
        relu, Left;
    }

    pub struct Net(image: 32x32x3) -> 32x32x3 {
        Left;
    }
}

fn main() {}
