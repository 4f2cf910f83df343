use shapewise::network;

network! {
    pub struct Net<const CLASSES: usize = 10 * 2>(image: 8x8x3) -> (logits: CLASSES) {
        flatten, linear(CLASSES);
    }
}

fn main() {}
