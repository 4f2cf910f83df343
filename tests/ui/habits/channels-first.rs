use shapewise::network;

network! {
    pub struct Net(image: 3x227x227) -> 1000 {
        conv1: conv(96, 11x11, stride = 4), relu;
        flatten, linear(1000);
    }
}

fn main() {}
