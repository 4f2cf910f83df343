use shapewise::network;

network! {
    pub struct Net(x: 8x16, i: 2x3 of indices) -> 2x16 {
        from x, index_select(i);
    }
}

fn main() {}
