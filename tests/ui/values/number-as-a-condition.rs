use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 32x32x3 {
        if input.channels { relu; }
    }
}

fn main() {}
