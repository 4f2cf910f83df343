use shapewise::network;

network! {
    pub struct Net(a: 64, b: 32) -> 1 {
        cosine_similarity(a, b);
    }
}

fn main() {}
