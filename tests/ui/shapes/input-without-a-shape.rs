use shapewise::network;

network! {
    pub struct Net(image) -> (out) {
        conv(8, 3x3);
    }
}

fn main() {}
