#![deny(deprecated)]

use shapewise::network;

network! {
    pub struct Net(image: 28x28x4) -> 28x28x4 {
        stem: conv(4, 1x1);
        auxiliary: from stem, conv(8, 3x3);
        _ignored: from stem, conv(8, 3x3);
        #[allow(unused_value)]
        allowed: from stem, conv(8, 3x3);
        head: from stem, conv(4, 1x1);
    }
}

fn main() {}
