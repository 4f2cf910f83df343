use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 24x24x8 {
        stem: conv(8, 5x5);
        side: from sten, relu;
    }
}

fn main() {}
