use shapewise::network;

network! {
    pub struct Net(tokens: 16) -> 16x512 {
        embed: embedding(1000, 256);
        linear(512, shared = embed);
    }
}

fn main() {}
