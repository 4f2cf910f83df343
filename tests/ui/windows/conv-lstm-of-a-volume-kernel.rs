use shapewise::network;

network! {
    pub struct Net(video: 10x64x64x3) -> 10x64x64x16 {
        conv_lstm(16, 3x3x3);
    }
}

fn main() {}
