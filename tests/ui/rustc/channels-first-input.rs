#![deny(deprecated)]

use shapewise::network;

network! {
    pub struct Net(image: 3x32x32) -> 10 {
        conv1: conv(8, 3x3, padding = 1), relu;
        head: global_avg_pool, linear(10);
    }

    #[allow(channels_first)]
    pub struct Wide(map: 3x32x32) -> 10 {
        conv1: conv(8, 3x3, padding = 1), relu;
        head: global_avg_pool, linear(10);
    }

    /// No layer takes it as an image.
    pub struct Flat(map: 3x32x32) -> 10 {
        head: flatten, linear(10);
    }
}

fn main() {}
