use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 10 {
        fc: flatten, linear(10);
    }
}

fn main() {
    let logits: [f32; Net::OUTPUT.elements()] = [0.0; 100];
    let _ = logits;
}
