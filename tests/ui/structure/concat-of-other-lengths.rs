use shapewise::network;

network! {
    pub struct Joined(words: 12x64, image: 49x64) -> (all: 61x64) {
        a: linear(64);
        b: from image, linear(64);
        concat(a, b);
    }
}

fn main() {}
