use shapewise::network;

network! {
    pub struct First(image: 28x28x1) -> 10 {
        conv1: convv(6, 5x5), relu;
        flatten, linear(10);
    }

    pub struct Second(image: 28x28x1) -> 10 {
        conv1: conv(6, 5x5), relu;
        fc: linear(10);
    }
}

fn main() {}
