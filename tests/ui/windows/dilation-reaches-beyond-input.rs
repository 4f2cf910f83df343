use shapewise::network;

network! {
    pub struct Net(image: 32x32x3) -> 32x32x64 {
        stem: conv(64, 3x3, padding = half), relu;
        atrous: conv(64, 3x3, dilation = 24, padding = 2);
    }
}

fn main() {}
