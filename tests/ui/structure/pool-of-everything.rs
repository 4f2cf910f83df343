use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        mean_pool, linear(10);
    }
}

fn main() {}
