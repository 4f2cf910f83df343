use shapewise::network;

network! {
    pub struct Net(a: 2x5x3, b: 2x4x3) -> 2x5x4 {
        einsum("bhld,bhmd->bhlm", a, b);
    }
}

fn main() {}
