use shapewise::network;

network! {
    pub struct Net(image: 4x4x3) -> 8x8x16 {
        stem: conv(16, 7x7, padding = 5, padding_mode = reflect);
    }
}

fn main() {}
