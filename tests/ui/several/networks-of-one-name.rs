use shapewise::network;

network! {
    pub struct Net(x: 8) -> 8 {
        fc: linear(8);
    }

    pub struct Net(x: 4) -> 4 {
        fc: linear(4);
    }

    block Net() {
        relu;
    }
}

fn main() {}
