use shapewise::network;

network! {
    pub struct Net(tokens: 197x768) -> 197x768 {
        encoder: attention(7);
    }
}

fn main() {}
