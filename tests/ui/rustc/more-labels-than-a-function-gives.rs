use shapewise::{Custom, Shape, network};

const fn halves(input: Shape) -> Custom {
    let half = Shape::new(&[input.features() / 2]);
    Custom::new(half).result(half).no_tensors().macs(0)
}

network! {
    pub struct Net(x: 8) -> (sum: 4) {
        (a, b, c): custom halves();
        sum: add(a, b, c);
    }
}

fn main() {}
