use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 15x15x3 {
        pool: max_pool(3x3, 2);
    }
}

fn main() {}
