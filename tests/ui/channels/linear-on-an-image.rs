use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 10 {
        conv1: conv(16, 3x3, padding = half), relu;
        pool1: max_pool(2x2);
        fc: linear(10);
    }
}

fn main() {}
