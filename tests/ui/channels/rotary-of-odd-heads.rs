use shapewise::network;

network! {
    pub struct Net(x: 12x36) -> 12x36 {
        rotary_embedding(4);
    }
}

fn main() {}
