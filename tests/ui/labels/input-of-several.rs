use shapewise::network;

network! {
    pub struct Net(left: 8x8x3, right: 8x8x1) -> 8x8x3 {
        conv(input.channels, 1x1);
    }
}

fn main() {}
