use shapewise::network;

network! {
    pub struct Net(tokens: 49x96) -> 49x96 {
        attend: attention(3, shift = 3);
    }
}

fn main() {}
