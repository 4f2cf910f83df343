use shapewise::network;

network! {
    pub struct Net(tokens: 16x64) -> 16x64 {
        attention(0);
    }
}

fn main() {}
