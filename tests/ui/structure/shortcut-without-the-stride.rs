use shapewise::network;

network! {
    pub struct Net(image: 56x56x64) -> 28x28x128 {
        residual {
            conv(128, 3x3, stride = 2, padding = half), relu;
            conv(128, 3x3, padding = half);
        } shortcut {
            conv(128, 1x1), batch_norm;
        }
    }
}

fn main() {}
