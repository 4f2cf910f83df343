//! A crate of the edition before, with `gen` as a name.

use shapewise::network;

network! {
    pub struct Older(image: 28x28x1) -> (classes: 10) {
        gen: conv(6, 5x5, padding = same), relu;
        classes: flatten, linear(10);
    }
}

const _: () = assert!(Older::GEN.params == 156);

/// A block that others may use.
pub mod blocks {
    shapewise::network! {
        pub block Part(gen) { conv(gen, 3x3) }
    }
}

network! {
    use blocks::Part;
    pub struct Using(image: 28x28x1) -> (map: 26x26x4) { Part(4) }
}

const _: () = assert!(Using::PARAMS == 40);
