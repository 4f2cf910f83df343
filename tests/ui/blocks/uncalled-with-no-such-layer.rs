use shapewise::network;

network! {
    block Head(classes) {
        liner(classes);
    }

    pub struct Net(x: 8) -> 8 {
        fc: linear(8);
    }
}

fn main() {}
