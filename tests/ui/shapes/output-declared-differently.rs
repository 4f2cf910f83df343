use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> (logits: 100) {
        flatten, linear(120), relu;
        fc: linear(10), softmax;
    }
}

fn main() {}
