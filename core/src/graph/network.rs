//! The trait of every network, and the figures of a part of one.

use crate::analysis::constant;
use crate::extents::Extents;
use crate::graph::{Counts, Graph};
use crate::report::Summary;
use crate::shape::Shape;

/// A network made by the `network!` macro.
///
/// The macro gives each network the constants of this trait as its own, too, so
/// that the trait is needed in generic code only:
///
/// ```
/// use shapewise_core::Network;
///
/// fn fits<N: Network>(flash: u64) -> bool {
///     N::PARAM_BYTES <= flash
/// }
/// ```
pub trait Network {
    /// The network as data.
    const GRAPH: &'static Graph;
    /// Elements of weights.
    const WEIGHTS: u64 = Self::GRAPH.counts().weights;
    /// Elements of biases.
    const BIASES: u64 = Self::GRAPH.counts().biases;
    /// Trainable parameters: weights and biases.
    const PARAMS: u64 = Self::GRAPH.counts().params();
    /// Elements of buffers.
    const BUFFERS: u64 = Self::GRAPH.counts().buffers;
    /// Multiply-accumulates for one sample.
    const MACS: u64 = Self::GRAPH.counts().macs;
    /// Floating-point operations for one sample, two per multiply-accumulate.
    const FLOPS: u64 = Self::GRAPH.counts().flops();
    /// Bytes of the parameters in the network's type.
    const PARAM_BYTES: u64 = Self::GRAPH.param_bytes();
    /// Elements of all activations of one sample.
    const ACTIVATIONS: u64 = Self::GRAPH.activations();
    /// The most elements of activations that are alive at once, at inference for
    /// one sample. [`analysis`](crate::analysis) says what counts, at which
    /// layer it happens and where the values can lie.
    const PEAK_ACTIVATIONS: u64 = constant::peak(Self::GRAPH).elements;
    /// Bytes of the activations that are alive at once, all of them in the
    /// network's type.
    const PEAK_ACTIVATION_BYTES: u64 = Self::PEAK_ACTIVATIONS * Self::GRAPH.dtype().bytes();
    /// The most weighted layers on any path: those that multiply what comes in
    /// with learned weights, as papers count them.
    const DEPTH: u64 = constant::depth(Self::GRAPH) as u64;
    /// How much of the first input an output sees along each of its axes,
    /// unclipped; of several outputs, the one that sees most.
    const RECEPTIVE_FIELD: Extents = constant::output_field(Self::GRAPH).size();
    /// Whether all costs are known. Where a custom layer left one out, counts are
    /// lower bounds.
    const EXACT: bool = Self::GRAPH.exact();

    /// The table of the network.
    #[must_use]
    fn summary() -> Summary {
        Summary::new(Self::GRAPH)
    }
}

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
