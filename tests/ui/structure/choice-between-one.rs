use shapewise::network;

network! {
    pub struct Net(a: 8x4, b: 8x4) -> 8x4 {
        where_cond(a, b);
    }
}

fn main() {}
