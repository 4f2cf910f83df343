use shapewise::network;

network! {
    pub struct Net(tokens: 16x8) -> 16x32 {
        (sequence, hidden): gru(32);
        linear(32);
    }
}

fn main() {}
