use shapewise::network;

network! {
    pub struct Net(image: 112x112x64) -> 56x56x64 {
        pool: max_pool(3x3, stride = 2, padding = 2);
    }
}

fn main() {}
