use shapewise::network;

network! {
    pub struct Net<const CLASSES: usize>(image: 8x8x3) -> [CLASSES] {
        fc: flatten, linear(CLASSES);
    }
}

const _: u64 = Net::<0>::PARAMS;

fn main() {}
