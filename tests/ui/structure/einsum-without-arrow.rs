use shapewise::network;

network! {
    pub struct Net(a: 12x64, b: 64x10) -> 12x10 {
        einsum("lk,km", a, b);
    }
}

fn main() {}
