use shapewise::network;

network! {
    pub struct Net(words: 40x64) -> (out) {
        enc: linear(64);
        transformer_decoder(enc, heads = 8);
    }
}

fn main() {}
