use shapewise::network;

network! {
    pub struct Net(words: 40x64) -> (out) {
        sequence, _state: lstm(32);
        from sequence, last, linear(10);
    }
}

fn main() {}
