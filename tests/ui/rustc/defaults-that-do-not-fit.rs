use shapewise::network;

network! {
    pub struct Net<const KERNEL: usize = 9, const BIAS: bool = true>(image: 8x8x3) -> (out) {
        conv(4, [KERNEL, 3], bias = BIAS);
    }
}

fn main() {}
