use shapewise::network;

network! {
    pub struct Net(tokens: 16 of indices) -> (out) {
        linear(8);
    }
}

fn main() {}
