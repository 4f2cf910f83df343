use shapewise::network;

network! {
    pub struct Net(image: 1x1x32) -> 2x2x16 {
        up: conv_transpose(16, 2x2, stride = 2, padding = 1);
    }
}

fn main() {}
