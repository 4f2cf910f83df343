use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        conv(4, 1x1) -> relu;
    }
}

fn main() {}
