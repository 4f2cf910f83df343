use shapewise::network;

network! {
    block ConvAct(channels, act) {
        conv(channels, 1x1), act;
    }

    pub struct Net(image: 32x32x3) -> 32x32x8 {
        ConvAct(8, 4);
    }
}

fn main() {}
