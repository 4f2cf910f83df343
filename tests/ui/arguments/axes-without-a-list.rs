use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        permute(2, 0, 1);
    }
}

fn main() {}
