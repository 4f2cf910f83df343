use shapewise::network;

network! {
    pub struct Net(image: 28x28x8) -> 28x28x8 {
        #[name = "stem"]
        conv(8, 1x1);
        stem: conv(8, 1x1);
    }
}

fn main() {}
