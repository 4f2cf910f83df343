use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        repeat (width, kernel, act) in [(64, 3x3), (128, 5x5)] {
            conv(width, kernel, padding = half), act;
        }
    }
}

fn main() {}
