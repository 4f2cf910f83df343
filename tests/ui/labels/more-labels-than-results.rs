use shapewise::network;

network! {
    pub struct Net(tokens: 16x8) -> 16x32 {
        (sequence, hidden, cell, more): lstm(32);
        from sequence;
    }
}

fn main() {}
