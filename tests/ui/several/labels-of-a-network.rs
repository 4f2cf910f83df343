use shapewise::{Custom, Shape, network};

const fn fused(a: Shape, b: Shape, width: usize) -> Custom {
    Custom::new(Shape::new(&[a.channels() + b.channels() + width]))
}

network! {
    pub struct Encoder(image: 16) -> (mu: 8, logvar: 8) {
        h: linear(16);
        mu: linear(8);
        logvar: from h, linear(8);
    }

    pub struct One(image: 16) -> (out: 8) { out: Encoder; }

    pub struct Fused(a: 8, b: 8) -> (out: 32) { from a, custom fused(b, 16); }
}

fn main() {}
