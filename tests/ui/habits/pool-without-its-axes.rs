use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 16x16x3 {
        pool: max_pool(2);
    }
}

fn main() {}
