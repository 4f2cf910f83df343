use shapewise::network;

network! {
    pub struct Net(tokens: 16) -> (out) {
        words: embedding(100, 1), flatten;
        add(words, tokens);
    }
}

fn main() {}
