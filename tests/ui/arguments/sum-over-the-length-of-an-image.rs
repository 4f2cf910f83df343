use shapewise::network;

network! {
    pub struct Net(image: 8x8x16) -> 8x8 {
        sum(axis = length);
    }
}

fn main() {}
