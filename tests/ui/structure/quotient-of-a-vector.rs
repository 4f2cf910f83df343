use shapewise::network;

network! {
    pub struct Net(image: 8x8x16, scale: 16) -> 8x8x16 {
        div(image, scale);
    }
}

fn main() {}
