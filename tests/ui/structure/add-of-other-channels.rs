use shapewise::network;

network! {
    pub struct Net(image: 56x56x64) -> 56x56x64 {
        left: conv(64, 3x3, padding = half), relu;
        right: from image, conv(128, 3x3, padding = half), relu;
        add(left, right);
    }
}

fn main() {}
