use shapewise::network;

network! {
    pub struct Net(a: 16x64, b: 32x64) -> 16x64 {
        matmul(a, b);
    }
}

fn main() {}
