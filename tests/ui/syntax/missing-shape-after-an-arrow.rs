use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 24x24x6 {
        conv1: conv(6, 5x5) =>;
    }
}

fn main() {}
