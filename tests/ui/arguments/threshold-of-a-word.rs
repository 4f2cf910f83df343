use shapewise::network;

network! {
    pub struct Net(x: 32) -> 32 {
        threshold(threshold = zero, value = 1.0);
    }
}

fn main() {}
