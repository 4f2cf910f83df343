use shapewise::network;

network! {
    struct Net(image: 14x15x32) -> 14x15x32 {
        attention(heads = 4, window = 7x7, partition = grid);
    }
}

fn main() {}
