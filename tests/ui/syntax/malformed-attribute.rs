use shapewise::network;

network! {
    #[= "half"]
    pub struct Net(image: 28x28x1) -> 28x28x8 {
        conv(8, 3x3, padding = half);
    }
}

fn main() {}
