use shapewise::network;

network! {
    pub struct Net<const CLASSES: usize = 100>(image: 8x8x3) -> [CLASSES] {
        fc: flatten, linear(CLASSES);

        assert params <= 10K;
    }
}

fn main() {}
