use shapewise::network;

network! {
    block Tail() {
        concat(stem, _);
    }

    pub struct Net(image: 28x28x1) -> 28x28x16 {
        stem: conv(8, 3x3, padding = half);
        conv(8, 3x3, padding = half);
        Tail;
    }
}

fn main() {}
