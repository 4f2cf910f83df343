use shapewise::network;

network! {
    pub struct Net(words: 40x64) -> (out) {
        lstm(2) => 2;
    }
}

fn main() {}
