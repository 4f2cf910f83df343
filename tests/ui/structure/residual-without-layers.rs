use shapewise::network;

network! {
    pub struct Net(x: 8) -> 8 {
        residual { }
    }
}

fn main() {}
