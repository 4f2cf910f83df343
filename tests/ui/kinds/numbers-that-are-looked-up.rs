use shapewise::network;

network! {
    pub struct Net(tokens: 16 of numbers) -> (out) {
        embedding(100, 8);
    }
}

fn main() {}
