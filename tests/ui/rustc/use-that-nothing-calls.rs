#![deny(warnings)]

use shapewise::network;

network! {
    use vision::blocks::{Bottleneck, Wide};

    pub struct Net(image: 8x8x16) -> (map: 8x8x16) {
        Bottleneck(4);
    }
}

fn main() {}
