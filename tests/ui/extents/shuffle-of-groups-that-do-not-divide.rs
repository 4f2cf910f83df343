use shapewise::network;

network! {
    pub struct Net(image: 28x28x64) -> 28x28x64 {
        channel_shuffle(3);
    }
}

fn main() {}
