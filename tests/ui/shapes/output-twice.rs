use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (first, first) {
        first: relu;
        second: relu;
    }
}

fn main() {}
