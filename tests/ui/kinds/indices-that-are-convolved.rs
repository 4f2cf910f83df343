use shapewise::network;

network! {
    #[allow(unused_value)]
    pub struct Net(tokens: 16) -> (out) {
        words: embedding(100, 16);
        from tokens, linear(4);
    }
}

fn main() {}
