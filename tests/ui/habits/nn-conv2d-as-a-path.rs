use shapewise::network;

network! {
    pub struct Net(image: 227x227x3) -> 217x217x96 {
        conv1: nn::Conv2d(3, 96, 11);
    }
}

fn main() {}
