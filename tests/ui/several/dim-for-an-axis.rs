use shapewise::network;

network! {
    pub struct Vector(x: 8) -> 8 {
        vector: softmax(dim = 1);
    }

    pub struct Words(x: 12x8) -> 12x8 {
        words: softmax(dim = -1);
    }

    pub struct Picture(x: 12x10x8) -> 12x10x8 {
        images: softmax(dim = 3);
    }
}

fn main() {}
