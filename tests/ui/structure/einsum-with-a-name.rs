use shapewise::network;

network! {
    pub struct Net(a: 12x64, b: 64x10) -> 12x10 {
        einsum(a, b, equation = lk);
    }
}

fn main() {}
