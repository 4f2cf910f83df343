use shapewise::network;

network! {
    struct Net(q: 8x8x12, k: 4x4x12) -> 8x8x12 {
        scaled_dot_product_attention(q, k, k, heads = 4, window = 4x4);
    }
}

fn main() {}
