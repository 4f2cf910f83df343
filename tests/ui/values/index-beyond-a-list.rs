use shapewise::network;

network! {
    pub struct Net(image: 16x16x8) -> (out) {
        let widths = [64, 128, 256];
        repeat i in 0..4 {
            conv(widths[i], 3x3, padding = half), relu;
        }
    }
}

fn main() {}
