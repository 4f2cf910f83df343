use shapewise::network;

network! {
    block Bottleneck(mid, out, stride = 1) {
        conv(mid, 1x1), conv(out, 1x1, stride = stride);
    }

    pub struct Net(image: 32x32x3) -> 32x32x8 {
        Bottleneck(8);
    }
}

fn main() {}
