use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        #[allow(unused_value)]
        let width = 8;
        conv(width, 1x1);
    }
}

fn main() {}
