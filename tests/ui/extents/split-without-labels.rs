use shapewise::network;

network! {
    pub struct Net(image: 28x28x64) -> 28x28x32 {
        channel_split(2);
        conv(32, 1x1);
    }
}

fn main() {}
