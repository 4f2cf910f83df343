use shapewise::network;

network! {
    block Bottleneck(mid) {
        conv(mid, 1x1), relu;
    }

    pub struct Net(image: 32x32x3) -> 32x32x8 {
        Botleneck(8);
    }
}

fn main() {}
