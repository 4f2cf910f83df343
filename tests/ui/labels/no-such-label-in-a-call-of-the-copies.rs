use shapewise::network;

network! {
    block Layer() {
        skip: conv(4, 3x3, padding = half), relu;
    }

    pub struct Net(image: 8x8x4) -> 8x8x4 {
        stack: repeat 3 { layer: Layer(); }
        add(stack.*.layer.skips);
    }
}

fn main() {}
