use shapewise::network;

network! {
    pub struct Net(tokens: 128x64) -> 128x64 {
        table: positional_embedding(100);
    }
}

fn main() {}
