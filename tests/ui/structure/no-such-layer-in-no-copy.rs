use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        relu;
        repeat 0 { convv(8, 3x3); }
    }
}

fn main() {}
