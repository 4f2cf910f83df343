use shapewise::network;

network! {
    struct Net(image: 14x14x32) -> 14x14x32 {
        attention(heads = 4, window = 7x7, relative_position_bias = true, continuous_position_bias = true);
    }
}

fn main() {}
