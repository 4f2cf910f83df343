use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 20x20x16 {
        conv(6, 5x5), relu
        conv(16, 5x5), relu;
    }
}

fn main() {}
