use shapewise::network;

network! {
    struct Net(q: 7x12, k: 7x12, factors: 3) -> 7x12 {
        scaled_dot_product_attention(q, k, k, heads = 4, cosine = true, factors = factors);
    }
}

fn main() {}
