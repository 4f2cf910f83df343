//! The tensors of a network: their names, shapes and roles, and what they are
//! before training.

use shapewise_core::Extents;
use shapewise_core::graph::{Graph, Node};
use shapewise_core::layer::normalisation::Normalisation;
use shapewise_core::layer::{Layer, Role, Tensor};

use crate::dims::Elements;
use crate::plan::Flat;

mod beside;
mod init;
mod random;

pub use beside::{Beside, Side};
pub use init::{Init, Initial};

/// What PyTorch counts the batches of a running mean by.
pub(crate) const COUNTER: &str = "num_batches_tracked";

/// A tensor of a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Weight {
    /// Its name in PyTorch, from the outermost network on: `layer1.0.conv1.weight`.
    pub name: String,
    /// Its extents, as PyTorch has them. None for a single number.
    pub extents: Extents,
    /// What it is for.
    pub role: Role,
    /// What its elements are.
    pub elements: Elements,
    /// What it is before training.
    pub init: Init,
}

impl Weight {
    /// What the tensor is before training. The same seed gives the same numbers; the
    /// name decides with it, so that no tensor depends on others.
    #[must_use]
    pub fn initial(&self, seed: u64) -> Initial {
        self.init.values(&self.extents, seed, &self.name)
    }

    /// Whether it is learned.
    #[must_use]
    pub const fn is_parameter(&self) -> bool {
        !matches!(self.role, Role::Buffer)
    }
}

/// Every tensor of a network, once: layer by layer, those of each in PyTorch's order.
/// They are the [`Plan::weights`](crate::Plan::weights) of any engine.
///
/// ```
/// use shapewise::{Network, network};
/// use shapewise_lower::Initial;
///
/// network! {
///     struct Digits(image: 8x8x1) -> (logits: 10) {
///         conv1: conv(6, 3x3), batch_norm, relu, max_pool(2x2);
///         fc: flatten, linear(10);
///     }
/// }
///
/// let weights = shapewise_lower::weights(Digits::GRAPH);
/// let names: Vec<_> = weights.iter().map(|weight| weight.name.as_str()).collect();
/// assert_eq!(names[..3], ["conv1.weight", "conv1.bias", "conv1.batch_norm.weight"]);
/// assert_eq!(names[6], "conv1.batch_norm.num_batches_tracked");
///
/// // Even between -1/3 and 1/3: a kernel has nine elements.
/// let Initial::Floats(kernels) = weights[0].initial(42) else { unreachable!() };
/// assert_eq!(kernels.len(), 6 * 3 * 3);
/// assert!(kernels.iter().all(|kernel| kernel.abs() <= 1.0 / 3.0));
/// ```
#[must_use]
pub fn weights(graph: &'static Graph) -> Vec<Weight> {
    Flat::of(graph).weights
}

/// The layer whose weights a layer has: itself, or the first that it shares them
/// with.
pub(crate) fn owner<'g>(graph: &'g Graph, node: &'g Node) -> &'g Node {
    let mut node = node;
    while let Some(owner) = node.shared {
        node = &graph.nodes()[owner];
    }
    node
}

/// A tensor of a layer, its name still its own; `stored` says what others of it are called.
pub(crate) fn of(layer: &Layer, tensor: &Tensor, stored: &dyn Fn(&Tensor) -> String) -> Weight {
    Weight {
        name: tensor.name.to_string(),
        extents: tensor.extents,
        role: tensor.role,
        elements: match tensor.is_index() && matches!(layer, Layer::Attention(_)) {
            true => Elements::Int,
            false => Elements::Float,
        },
        init: init::of(layer, tensor, stored),
    }
}

/// The count of batches that a layer with running statistics has.
pub(crate) fn counter(layer: &Layer) -> Option<Weight> {
    match layer {
        Layer::Normalisation(Normalisation::Batch(norm) | Normalisation::Instance(norm))
            if norm.statistics.tracked && !norm.frozen =>
        {
            Some(Weight {
                name: COUNTER.to_owned(),
                extents: Extents::EMPTY,
                role: Role::Buffer,
                elements: Elements::Int,
                init: Init::Constant(0.0),
            })
        }
        _ => None,
    }
}
