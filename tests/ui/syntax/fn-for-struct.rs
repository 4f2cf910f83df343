use shapewise::network;

network! {
    pub fn net(image: 28x28x1) -> 10 {
        flatten, linear(10);
    }
}

fn main() {}
