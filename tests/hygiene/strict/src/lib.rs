//! A crate that forbids what can be forbidden.

#![no_std]
#![deny(warnings)]
#![deny(
    missing_docs,
    missing_debug_implementations,
    missing_copy_implementations
)]
#![deny(
    unreachable_pub,
    unused_qualifications,
    unused_results,
    unnameable_types
)]
#![deny(
    single_use_lifetimes,
    trivial_casts,
    trivial_numeric_casts,
    let_underscore_drop
)]
#![deny(elided_lifetimes_in_paths, explicit_outlives_requirements, missing_abi)]
#![deny(non_local_definitions, ambiguous_glob_reexports, keyword_idents)]
#![deny(clippy::all, clippy::pedantic, clippy::cargo)]
#![deny(clippy::missing_docs_in_private_items, clippy::arithmetic_side_effects)]
#![deny(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic
)]
#![deny(
    clippy::allow_attributes_without_reason,
    clippy::default_numeric_fallback
)]
#![deny(clippy::unseparated_literal_suffix)]
#![deny(clippy::undocumented_unsafe_blocks, clippy::std_instead_of_core)]
#![forbid(unsafe_code)]
#![allow(
    clippy::multiple_crate_versions,
    reason = "it walks through the dependencies of the whole workspace, every path of them"
)]

/// Networks that others see.
pub mod seen {
    shapewise::network! {
        /// On an image.
        pub struct Seen(image: 28x28x1) -> (classes: 10) {
            /// The only convolution.
            conv1: conv(6, 5x5, padding = 2), batch_norm, relu;
            residual { conv(6, 3x3, padding = half), relu; }
            pool1: avg_pool(2x2, stride = 2);
            fc: flatten, linear(100_000), linear(10);
        }
    }
}

/// Networks that nobody else sees.
mod hidden {
    shapewise::network! {
        /// Visible in this crate.
        pub(crate) struct InCrate(image: 28x28x1) -> (classes: 10) {
            fc: flatten, linear(10);
        }
        /// Visible one level up.
        pub(super) struct Above(image: 28x28x1) -> (classes: 10) {
            fc: flatten, linear(10);
        }
        /// Visible along a path.
        pub(in crate::hidden) struct InPath(image: 28x28x1) -> (classes: 10) {
            fc: flatten, linear(10);
        }
        struct Private(image: 28x28x1) -> (classes: 10) {
            fc: flatten, linear(10);
        }
    }

    const _: () = assert!(InPath::PARAMS == Private::FC.params);
}

const _: () = assert!(hidden::InCrate::PARAMS == hidden::Above::PARAMS);

/// Networks with attributes of Rust's.
pub mod attributes {
    shapewise::network! {
        /// No longer used.
        #[deprecated(note = "use another")]
        pub struct Old(image: 28x28x1) -> (classes: 10) {
            fc: flatten, linear(10);
        }
        /// Not in this build, and not right either.
        #[cfg(any())]
        pub struct Never(image: 28x28x1) -> (classes: 10) {
            fc: flatten, linear(11);
        }
        /// In every build.
        #[cfg(all())]
        #[doc(alias = "perceptron")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct Always(image: 28x28x1) -> (classes: 10) {
            fc: flatten, linear(10);
            #[allow(unused_value)]
            more: linear(3);
            _rest: from fc, linear(10);
        }
    }
}

/// A network inside of a function.
#[must_use]
pub fn local() -> u64 {
    shapewise::network! {
        struct Local(image: 28x28x1) -> (classes: 10) {
            fc: flatten, linear(10);
        }
    }
    Local::PARAMS
}

/// What is generic sees every network.
#[must_use]
pub fn generic<N: shapewise::Network>() -> u64 {
    N::MACS
}

/// Blocks that others use.
pub mod blocks {
    shapewise::network! {
        /// A convolution.
        pub block Part(channels) { conv(channels, 3x3, padding = half), relu; }
        pub(crate) block Twice(channels) { Part(channels); Inner(channels); }
        block Inner(channels) { Part(channels); }
    }
}

/// Where they are used.
pub mod used {
    shapewise::network! {
        use crate::blocks::Twice;
        use super::blocks::Part as Other;

        /// Of blocks.
        pub struct Used(image: 28x28x1) -> (map: 28x28x2) { Twice(4); Other(2); }
    }
}
