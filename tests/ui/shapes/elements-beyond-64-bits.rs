use shapewise::network;

network! {
    pub struct Net(image: 4294967296x4294967296x4294967296) -> 10 {
        flatten, linear(10);
    }
}

fn main() {}
