use shapewise::network;

network! {
    pub struct Net(image: 64x64x3) -> 64x64x16 {
        conv_lstm(16, 3x3);
    }
}

fn main() {}
