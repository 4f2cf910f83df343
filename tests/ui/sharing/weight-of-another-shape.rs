use shapewise::network;

network! {
    pub struct Lm(tokens: 128) -> 128x1000 {
        embedding: embedding(1000, 64);
        hidden: linear(32);
        head: linear(1000, shared = embedding, bias = false);
    }
}

fn main() {}
