use shapewise::network;

network! {
    pub struct Net(x: 8) -> (logits: 10) {
        logits: linear(10);
        shares: softmax;
    }
}

fn main() {}
