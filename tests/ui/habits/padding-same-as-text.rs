use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 32x32x8 {
        conv(8, 3x3, padding = "same");
    }
}

fn main() {}
