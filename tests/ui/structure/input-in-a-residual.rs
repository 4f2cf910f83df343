use shapewise::network;

network! {
    pub struct Net(image: 16x16x3) -> 16x16x8 {
        conv(8, 3x3, padding = half);
        residual {
            conv(2 * input.channels, 1x1), relu;
            conv(8, 1x1);
        }
    }
}

fn main() {}
