use shapewise::network;

network! {
    pub struct Net(tokens: 128x768) -> 128x768 {
        LayerNorm(768);
    }
}

fn main() {}
