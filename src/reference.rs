//! The language reference.
//!
//! | Page | About |
//! |:--|:--|
//! | [`networks`] | networks: grammar, flow, labels, inputs and outputs, budgets, attributes |
//! | [`shapes`] | how shapes, kernels and paddings are written |
//! | [`structure`] | groups, residuals, branches, repeats, conditions |
//! | [`blocks`] | parts with parameters |
//! | [`values`] | numbers, arithmetic, names |
//! | [`layers`] | every layer with its arguments |
//! | [`names`] | paths of layers, names of tensors |
//! | [`results`] | what comes out, and how is counted |
//! | [`peers`] | what mistakes are told as, here and in other libraries |
//!
//! Every example on these pages is compiled and run as a test.

pub mod blocks {
    #![doc = include_str!("reference/blocks.md")]
}

pub mod layers {
    #![doc = include_str!("reference/layers.md")]
}

pub mod names {
    #![doc = include_str!("reference/names.md")]
}

pub mod networks {
    #![doc = include_str!("reference/networks.md")]
}

pub mod peers {
    #![doc = include_str!("reference/peers.md")]
}

pub mod results {
    #![doc = include_str!("reference/results.md")]
}

pub mod shapes {
    #![doc = include_str!("reference/shapes.md")]
}

pub mod structure {
    #![doc = include_str!("reference/structure.md")]
}

pub mod values {
    #![doc = include_str!("reference/values.md")]
}
