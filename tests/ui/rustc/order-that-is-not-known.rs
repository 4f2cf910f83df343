#![deny(deprecated)]

use shapewise::network;

network! {
    block Head { flatten, linear(2); }

    /// PyTorch may take them so or so.
    pub struct Rows(image: 28x28) -> 10 {
        flatten, linear(10);
    }

    /// Nothing here is told of.
    pub struct Known(words: 12 of indices) -> 2 {
        embedding(100, 8);
        Head;
    }

    pub struct Both(signal: 64x8) -> 2 {
        wide: conv(8, 3, padding = half);
        seen: attention(heads = 2);
        add(wide, seen), Head;
    }

    pub struct Boxes(image: 8x8x4) -> (boxes: 16x4) {
        flatten, linear(64), reshape(16x4);
    }

    pub struct Read(image: 4x16x8) -> 6 {
        conv(8, 3x3, padding = half);
        reshape(16x32);
        lstm(6), last;
    }

    pub struct Convolved(words: 12 of indices) -> 4x4 {
        embedding(100, 8), reshape(6x16);
        conv(4, 3);
    }

    pub struct Said(image: 28x28) -> 10 {
        flatten(order = channels_last), linear(10);
    }

    #[allow(element_order)]
    pub struct Allowed(image: 28x28) -> 10 {
        flatten, linear(10);
    }
}

fn main() {}
