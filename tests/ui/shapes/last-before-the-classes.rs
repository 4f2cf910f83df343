use shapewise::network;

network! {
    pub struct Net(words: 40x64) -> (out: 2) {
        lstm(8);
        linear(2);
    }
}

fn main() {}
