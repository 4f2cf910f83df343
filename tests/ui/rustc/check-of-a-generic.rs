use shapewise::{check, network};

network! {
    pub struct Net<const CLASSES: usize>(image: 8x8x3) -> [CLASSES] {
        fc: flatten, linear(CLASSES);

        assert params <= 10K;
    }
}

check!(Net::<10>, Net::<100>);

fn main() {}
