//! Multiply-accumulates as other tools count them.

use crate::error::{Error, attempt};
use crate::formula::{self, sum};
use crate::layer::Layer;
use crate::shape::Shape;

/// Whose rules multiply-accumulates are counted by.
///
/// [`Convention::Torchvision`] is the one that all figures of shapewise have.
/// The others reproduce the numbers that papers took from other tools, also
/// where these are debatable. What a tool has no rule for, it counts as 0.
///
/// ```
/// use shapewise_core::graph::{Convention, DType, Graph, Step, Trace, trace};
/// use shapewise_core::{Extents, Shape, Value, layers};
///
/// static TRACE: Trace<2, 3> = trace(
///     &[Shape::new(&[227, 227, 3])],
///     &[
///         &Step::new(
///             layers::conv,
///             &[
///                 ("channels", Value::Int(96)),
///                 ("kernel", Value::Extents(Extents::new(&[11, 11]))),
///                 ("stride", Value::Int(4)),
///             ],
///             &[0],
///             1,
///             "conv1",
///         ),
///         &Step::new(layers::relu, &[], &[1], 1, "relu1"),
///     ],
/// );
/// static GRAPH: Graph =
///     Graph::new("Start", DType::F32, &["image"], &TRACE, &[("features", 2)]);
/// assert_eq!(GRAPH.macs_by(Convention::Torchvision), Ok(105_415_200));
/// // The bias, and the relu twice.
/// assert_eq!(GRAPH.macs_by(Convention::Ptflops), Ok(105_415_200 + 3 * 55 * 55 * 96));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Convention {
    /// torchvision's figures, made with PyTorch's `torch.utils.flop_counter`:
    /// products with weights, and of attention. Recurrent layers, which that
    /// counter skips, count their weight products too.
    Torchvision,
    /// `FlopCountAnalysis` of fvcore 0.1.5, which calls a multiply-accumulate a
    /// flop:
    ///
    /// - convolutions, linear layers and matrix products as torchvision;
    /// - batch normalisation twice its elements (once without weights), other
    ///   normalisations that have a mean five times (four times);
    /// - adaptive (and global) average pooling of images its input's elements;
    /// - upsampling of images its output's elements, four times when bilinear;
    /// - attention only its projections: fused products are not known to it;
    /// - recurrent layers nothing.
    Fvcore,
    /// ptflops 0.7.5 with its default backend, `pytorch`, which sees a layer
    /// both as a module and as the function that the module calls:
    ///
    /// - convolutions and linear layers as torchvision, and the biases per
    ///   element of the output;
    /// - normalisations their elements, twice when they have weights (layer
    ///   normalisation once);
    /// - `relu`, `prelu`, `elu`, `gelu` twice their elements, `relu6`,
    ///   `leaky_relu`, `silu`, `softmax` once;
    /// - pooling its input's elements twice; global pooling, for which PyTorch
    ///   has functions only, once; upsampling its output's elements twice;
    /// - recurrent layers weights, biases and the gates' elementwise work in each
    ///   step, projections left out;
    /// - `attention` projections, biases, scaling, products and softmax;
    ///   `scaled_dot_product_attention` nothing;
    /// - additions and products that are written as operators nothing.
    ///
    /// Where a network in Python calls `F.relu` without a module, ptflops counts
    /// once what stands here twice.
    Ptflops,
}

impl Convention {
    /// Every convention, with the name of its tool.
    pub const ALL: [(&'static str, Self); 3] = [
        ("torchvision", Self::Torchvision),
        ("fvcore", Self::Fvcore),
        ("ptflops", Self::Ptflops),
    ];
}

impl Layer {
    /// Multiply-accumulates for one sample, as a tool of that convention counts
    /// them.
    ///
    /// # Errors
    ///
    /// As [`Layer::macs`].
    pub const fn macs_by(&self, convention: Convention, inputs: &[Shape]) -> Result<u64, Error> {
        match convention {
            Convention::Torchvision => self.macs(inputs),
            _ => self.macs_of(convention, inputs),
        }
    }
}

const WHAT: &str = "the number of multiply-accumulates";

/// So many times the elements of a value.
pub(crate) const fn elements(times: u64, shape: &Shape) -> Result<u64, Error> {
    match shape.checked_elements() {
        Some(elements) => formula::product(times, elements, WHAT),
        None => Err(formula::overflow(WHAT)),
    }
}

/// The multiply-accumulates and more of them.
pub(crate) const fn plus(macs: u64, more: Result<u64, Error>) -> Result<u64, Error> {
    sum(macs, attempt!(more), WHAT)
}
