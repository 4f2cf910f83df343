use shapewise::network;

network! {
    struct Net(tokens: 14x32) -> 14x32 {
        attention(heads = 4, cosine = true, scale = 0.5);
    }
}

fn main() {}
