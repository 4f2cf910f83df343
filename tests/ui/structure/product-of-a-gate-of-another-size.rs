use shapewise::network;

network! {
    pub struct Net(image: 256x256x3) -> (map) {
        gate: conv(24, 3x3, stride = 4, padding = 1), sigmoid;
        mul(image, gate);
    }
}

fn main() {}
