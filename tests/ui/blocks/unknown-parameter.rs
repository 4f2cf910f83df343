use shapewise::network;

network! {
    block Bottleneck(mid, stride = 1) {
        conv(mid, 1x1, stride = stride);
    }

    pub struct Net(image: 32x32x3) -> 16x16x8 {
        Bottleneck(8, strides = 2);
    }
}

fn main() {}
