use shapewise::network;

network! {
    pub struct Net(tokens: 6x8) -> (out: 6x8) {
        #[tensor(weight = "gain")] scale;
    }
}

fn main() {}
