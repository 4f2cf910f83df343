use shapewise::network;

network! {
    pub struct Net(tokens: 4x12 of indices) -> 4x64 {
        embedding_bag(1000, 64);
    }
}

fn main() {}
