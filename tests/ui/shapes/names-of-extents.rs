use shapewise::network;

network! {
    pub struct Net(image: HxWx3) -> (out) {
        conv(8, 3x3);
    }
}

fn main() {}
