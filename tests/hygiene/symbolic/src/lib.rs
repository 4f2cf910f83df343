//! Constants, generics, networks and functions as layers, where nothing is usual.
#![no_std]
#![no_implicit_prelude]
#![deny(missing_docs, unreachable_pub, missing_debug_implementations, warnings)]
#![deny(clippy::pedantic)]
/// Width.
pub const WIDTH: usize = 16;
/// A user's layer.
#[must_use]
pub const fn double(input: ::elsewhere::Shape) -> ::elsewhere::Custom {
    ::elsewhere::Custom::new(input)
}
::elsewhere::network! {
    /// Generic.
    pub struct Net<const CLASSES: usize = 2>(image: 32x32x3) -> (logits: [CLASSES]) {
        stem: conv(crate::WIDTH, 3x3), relu;
        head: global_avg_pool, linear(CLASSES);
    }
    pub(crate) struct Outer(image: 32x32x3) -> (logits: 4) {
        net: Net::<8>;
        head: linear(4);
    }
    struct Mine(image: 32x32x3) -> 10 {
        custom crate::double() => 32x32x3;
        flatten, linear(10);
    }
}
/// Uses.
#[must_use]
pub fn params() -> u64 {
    ::elsewhere::network! {
        struct Inside<const B: usize>(x: 4) -> [B] { linear(B); }
    }
    Net::<5>::PARAMS + Outer::PARAMS + Inside::<3>::PARAMS + Mine::PARAMS
}
