use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 10 {
        head: flatten, linear;
    }
}

fn main() {}
