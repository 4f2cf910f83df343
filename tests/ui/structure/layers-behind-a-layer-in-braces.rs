use shapewise::network;

network! {
    pub struct Net(image: 28x28x8) -> 28x28x16 {
        conv(16, 3x3, padding = half) {
            batch_norm; relu;
        }
    }
}

fn main() {}
