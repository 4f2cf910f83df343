use shapewise::network;

network! {
    pub struct Net(image: 27x27x3) -> 27x27x8 {
        conv1: conv(8, 5x5), relu => 27x27x8;
    }
}

fn main() {}
