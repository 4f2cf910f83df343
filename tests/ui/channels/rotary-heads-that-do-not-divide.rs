use shapewise::network;

network! {
    pub struct Net(x: 12x64) -> 12x64 {
        rotary_embedding(5);
    }
}

fn main() {}
