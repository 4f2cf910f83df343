use shapewise::network;

network! {
    pub struct Net(x: 8x16, i: 4x3 of indices) -> 4x3 {
        from x, gather(i);
    }
}

fn main() {}
