//! A crate without the standard library, without a prelude, in which nothing is
//! in scope that was not named.

#![no_std]
#![no_implicit_prelude]

::shapewise::network! {
    /// On an image.
    #[derive(::core::cmp::PartialEq)]
    pub struct Bare(image: 28x28x1, prior: 5) -> (classes: 10, features: 120) {
        conv1: conv(6, 5x5, padding = [(2, 2), (2, 2)]), batch_norm(eps = 1e-3), relu;
        features: flatten, linear(120), dropout(0.5);
        classes: concat(features, prior), linear(10);
        #[allow(unused_value)]
        rest: from conv1, max_pool(3x3, stride = 2, ceil_mode = true);
        assert params >= 1;
    }
}

const _: () = ::core::assert!(Bare::OUTPUTS[0].elements() == 10);

/// The parameters of any network.
pub const fn params<N: ::shapewise::Network>(_: &N) -> u64 {
    N::PARAMS
}

/// Blocks.
pub mod blocks {
    ::shapewise::network! {
        /// For everybody.
        pub block Part(width) { conv(width, 1x1), relu; }
        pub(crate) block Mine(width) { Part(width); Own; }
        block Own() { relu; }
    }
}

::shapewise::network! {
    use crate::blocks::{Mine, Part as Other};
    /// Of blocks.
    pub struct Used(image: 28x28x1) -> (map: 28x28x4) { Mine(2); Other(4); }
}
