use shapewise::network;

network! {
    pub struct Net(image: 28x28x8) -> 1568 {
        flat: flatten;
        concat(flat, image);
    }
}

fn main() {}
