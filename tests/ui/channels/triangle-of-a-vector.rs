use shapewise::network;

network! {
    pub struct Net(image: 12) -> 12 {
        tril;
    }
}

fn main() {}
