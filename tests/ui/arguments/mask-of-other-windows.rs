use shapewise::network;

network! {
    struct Net(x: 8x8x12) -> 8x8x12 {
        bias: window_position_bias(4, window = 2x2);
        scaled_dot_product_attention(x, x, x, heads = 4, window = 4x4, mask = bias);
    }
}

fn main() {}
