use shapewise::network;

network! {
    pub struct Net(image: 28x28xC) -> (out) {
        conv(8, 3x3);
    }
}

fn main() {}
