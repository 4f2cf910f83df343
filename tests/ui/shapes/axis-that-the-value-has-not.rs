use shapewise::network;

network! {
    pub struct Net(tokens: 128x64) -> 128x64 {
        stem: linear(64);
        linear(stem.height);
    }
}

fn main() {}
