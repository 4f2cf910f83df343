use shapewise::network;

network! {
    pub struct Net(tokens: 16x64) -> 16x64 {
        MultiheadAttention(embed_dim = 64, num_heads = 8);
    }
}

fn main() {}
