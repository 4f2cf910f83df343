use shapewise::network;

network! {
    pub struct Net(image: 56x56x64) -> 56x56x64 {
        residual {
            conv(64, 3x3, padding = half), relu;
            conv(64, 3x3);
        }
    }
}

fn main() {}
