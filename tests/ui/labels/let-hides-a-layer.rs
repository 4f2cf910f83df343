use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 24x24x8 {
        let conv = 8;
        conv(8, 5x5);
    }
}

fn main() {}
