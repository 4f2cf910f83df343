use shapewise::network;

network! {
    struct Net(tokens: 14x32) -> 14x32 {
        attention(heads = 4, continuous_position_bias = true);
    }
}

fn main() {}
