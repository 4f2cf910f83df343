use shapewise::network;

network! {
    pub struct Net<const CLASSES: usize>(image: 8x8x3) -> [CLASSES] {
        fc: flatten, linear(CLASSES);

        assert params <= 2K;
    }
}

const _: u64 = Net::<10>::PARAMS + Net::<21>::PARAMS;

fn main() {}
