use shapewise::network;

network! {
    pub struct Net(tokens: 16) -> (out) {
        words: embedding(100, 8);
        linear(100, bias = false, weight = words);
    }
}

fn main() {}
