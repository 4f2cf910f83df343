use shapewise::network;

network! {
    pub struct Net(features: 64) -> 10 {
        linear(10);
        assert params <= 61Mio;
    }
}

fn main() {}
