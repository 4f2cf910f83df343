use shapewise::network;

network! {
    pub struct Net(image: 28x28x8) -> 28x28x16 {
        conv {
            branch { relu; }
            branch { relu; }
        }
    }
}

fn main() {}
