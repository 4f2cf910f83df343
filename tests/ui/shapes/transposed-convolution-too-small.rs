use shapewise::network;

network! {
    pub struct Decoder(code: 2x2x16) -> 4x4x8 {
        up: conv_transpose(8, 3x3, stride = 2, padding = 1), relu => 4x4x8;
    }
}

fn main() {}
