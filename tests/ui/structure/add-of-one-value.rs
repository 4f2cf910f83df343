use shapewise::network;

network! {
    pub struct Net(image: 56x56x64) -> 56x56x64 {
        conv(64, 1x1);
        add(image);
    }
}

fn main() {}
