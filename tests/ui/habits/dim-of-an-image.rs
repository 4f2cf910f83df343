use shapewise::network;

network! {
    pub struct Net(image: 12x10x8) -> 12x10x8 {
        scores: softmax(dim = 3);
    }
}

fn main() {}
