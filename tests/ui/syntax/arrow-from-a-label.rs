use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        enc: flatten, linear(20);
        head: enc -> linear(10);
    }
}

fn main() {}
