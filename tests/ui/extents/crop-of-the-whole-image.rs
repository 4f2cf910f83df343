use shapewise::network;

network! {
    pub struct Net(image: 28x28x3) -> 28x28x3 {
        crop(sides = 14);
    }
}

fn main() {}
