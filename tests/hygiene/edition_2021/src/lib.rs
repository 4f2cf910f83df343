//! A crate of the edition before, with `gen` as a name.

use shapewise::network;

network! {
    pub struct Older(image: 28x28x1) -> (classes: 10) {
        gen: conv(6, 5x5, padding = same), relu;
        classes: flatten, linear(10);
    }
}

const _: () = assert!(Older::GEN.params == 156);
