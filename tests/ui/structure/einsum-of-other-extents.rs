use shapewise::network;

network! {
    pub struct Net(a: 12x64, b: 32x10) -> 12x10 {
        einsum("lk,km->lm", a, b);
    }
}

fn main() {}
