use shapewise::network;

network! {
    pub struct match(image: 28x28x1) -> 28x28x8 {
        conv(8, 3x3, padding = half);
    }
}

fn main() {}
