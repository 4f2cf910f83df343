use shapewise::network;

network! {
    pub struct Net(q: 16x64, k: 16x64) -> 16x64 {
        scaled_dot_product_attention(q, k, k, 8, kv_heads = 4);
    }
}

fn main() {}
