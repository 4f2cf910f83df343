use shapewise::network;

network! {
    pub struct Net(image: 56x56x96) -> 56x56x96 {
        attention(3, window = 7x7, memory = image);
    }
}

fn main() {}
