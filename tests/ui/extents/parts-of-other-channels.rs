use shapewise::network;

network! {
    pub struct Net(image: 28x28x64) -> 28x28x48 {
        (low, high): channel_split([16, 32]);
        from high;
    }
}

fn main() {}
