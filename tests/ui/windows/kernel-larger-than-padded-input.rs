use shapewise::network;

network! {
    pub struct Net(image: 28x28x6) -> 10 {
        pool: avg_pool(14x7) => 2x4x6;
        conv(16, 7x7, padding = 1), relu;
        flatten, linear(10);
    }
}

fn main() {}
