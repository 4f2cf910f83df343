use shapewise::network;

network! {
    pub struct Net(tokens: 128x512) -> 128x512 {
        attend: attention(8, kv_heads = 3);
    }
}

fn main() {}
