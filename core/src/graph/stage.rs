//! The figures of a part of a network.

use crate::extents::Extents;
use crate::graph::Counts;
use crate::shape::Shape;

/// The figures of one labelled part of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stage {
    /// The path of its label.
    pub name: &'static str,
    /// How many layers it has.
    pub layers: usize,
    /// The shape that enters.
    pub input: Shape,
    /// The shape that leaves.
    pub output: Shape,
    /// Elements of weights.
    pub weights: u64,
    /// Elements of biases.
    pub biases: u64,
    /// Trainable parameters: weights and biases.
    pub params: u64,
    /// Elements of buffers.
    pub buffers: u64,
    /// Multiply-accumulates for one sample.
    pub macs: u64,
    /// Floating-point operations for one sample.
    pub flops: u64,
    /// How much of the network's first input a position of its output sees along
    /// each axis, unclipped.
    pub receptive_field: Extents,
    /// How far apart neighbours of its output look in the network's first input
    /// along each axis, rounded down: 0 where the output is finer.
    pub effective_stride: Extents,
}

impl Stage {
    /// A stage of these figures.
    #[must_use]
    pub const fn new(
        name: &'static str,
        layers: usize,
        input: Shape,
        output: Shape,
        counts: Counts,
    ) -> Self {
        Self {
            name,
            layers,
            input,
            output,
            weights: counts.weights,
            biases: counts.biases,
            params: counts.params(),
            buffers: counts.buffers,
            macs: counts.macs,
            flops: counts.flops(),
            receptive_field: Extents::EMPTY,
            effective_stride: Extents::EMPTY,
        }
    }

    /// The stage whose output sees so much of the network's first input.
    #[must_use]
    pub const fn seeing(mut self, receptive_field: Extents, effective_stride: Extents) -> Self {
        self.receptive_field = receptive_field;
        self.effective_stride = effective_stride;
        self
    }
}
