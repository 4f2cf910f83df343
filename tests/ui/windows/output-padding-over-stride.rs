use shapewise::network;

network! {
    pub struct Net(image: 8x8x32) -> 16x16x16 {
        up: conv_transpose(16, 3x3, stride = 2, padding = 1, output_padding = 2);
    }
}

fn main() {}
