use shapewise::network;

network! {
    pub struct Net(image: 28x28x1) -> 10 {
        fc: flatten, linear(10);

        assert params <= 64KiB;
    }
}

fn main() {}
