use shapewise::network;

network! {
    struct Net(tokens: 14x32) -> 14x32 {
        attention(heads = 4, pretrained_window = 7);
    }
}

fn main() {}
