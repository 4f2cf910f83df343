use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 28x28x1 {
        for i in 0..3 { relu; }
    }
}

fn main() {}
