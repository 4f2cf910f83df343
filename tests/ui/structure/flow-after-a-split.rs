use shapewise::network;

network! {
    #[allow(unused_value)]
    pub struct Net(image: 16x16x8) -> (out) {
        (left, right): channel_split(2);
        conv(8, 3x3);
    }
}

fn main() {}
