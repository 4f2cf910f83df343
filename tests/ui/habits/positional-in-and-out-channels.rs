use shapewise::network;

network! {
    pub struct Net(image: 227x227x3) -> 55x55x96 {
        conv1: conv(3, 96, 11, stride = 4);
    }
}

fn main() {}
