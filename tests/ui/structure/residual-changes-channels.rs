use shapewise::network;

network! {
    pub struct Net(image: 56x56x64) -> 56x56x256 {
        residual {
            conv1: conv(64, 1x1), relu;
            conv2: conv(64, 3x3, padding = half), relu;
            conv3: conv(256, 1x1);
        }
        relu;
    }
}

fn main() {}
