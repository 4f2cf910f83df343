use shapewise::network;

network! {
    pub struct Net(features: 3136) -> 7x7x65 {
        reshape(7x7x65);
    }
}

fn main() {}
