use shapewise::network;

network! {
    pub struct Net(image: 28x28x48) -> 28x28x32 {
        half: slice(channels = 32..64);
    }
}

fn main() {}
