use shapewise::network;

network! {
    pub struct Net(image: 28x28x30) -> 56x56x8 {
        up: pixel_shuffle(2);
    }
}

fn main() {}
