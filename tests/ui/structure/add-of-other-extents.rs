use shapewise::network;

network! {
    pub struct Net(image: 56x56x64) -> 56x56x64 {
        skip: conv(64, 3x3, padding = half), relu;
        conv(64, 3x3), relu;
        conv(64, 3x3), relu;
        add(skip, _);
    }
}

fn main() {}
