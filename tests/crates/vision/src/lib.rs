//! Networks that tests of another crate use as layers.

#![no_std]
#![forbid(unsafe_code)]

pub mod blocks;
pub mod norms;

/// The same under other names.
pub mod again {
    pub use crate::blocks::Bottleneck as Neck;
    pub use crate::norms::*;
}

nets::network! {
    block Stage(channels) {
        conv: conv(channels, 3x3, padding = half, bias = false);
        norm: batch_norm, relu;
        max_pool(2x2, stride = 2);
    }

    /// Features of an image, an eighth of its size.
    pub struct Features(image: 64x64x3) -> (features: 8x8x64) {
        stage1: Stage(16);
        stage2: Stage(32);
        stage3: Stage(64);
    }

    /// Features of an image of any size.
    pub struct Backbone<const WIDTH: usize, const SIZE: usize = 64>(image: [SIZE, SIZE, 3])
        -> (features: [SIZE / 4, SIZE / 4, WIDTH])
    {
        stage1: Stage(div_ceil(WIDTH, 2));
        stage2: Stage(WIDTH);
    }

    /// Two results.
    pub struct Pair(image: 8x8x64) -> (boxes: 8x8x4, classes: 8x8x10) {
        boxes: conv(4, 1x1);
        classes: from image, conv(10, 1x1);
    }
}
