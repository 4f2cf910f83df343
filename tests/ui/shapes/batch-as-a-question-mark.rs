use shapewise::network;

network! {
    pub struct Net(image: ?x32x32x3) -> (out) {
        conv(8, 3x3);
    }
}

fn main() {}
