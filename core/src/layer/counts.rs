//! What layers cost.

use crate::error::{Error, attempt};
use crate::formula::{overflow, sum};
use crate::layer::{Layer, Role};
use crate::shape::Shape;

/// Parameters, buffers and multiply-accumulates, for one sample.
///
/// ```
/// use shapewise_core::Counts;
///
/// let conv1 = Counts { weights: 34_848, biases: 96, buffers: 0, macs: 105_415_200 };
/// assert_eq!(conv1.params(), 34_944);
/// assert_eq!(conv1.flops(), 210_830_400);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Elements of weights.
    pub weights: u64,
    /// Elements of biases.
    pub biases: u64,
    /// Elements of buffers: running statistics. Never parameters.
    pub buffers: u64,
    /// Multiply-accumulates.
    pub macs: u64,
}

impl Counts {
    /// No cost at all.
    pub const ZERO: Self = Self {
        weights: 0,
        biases: 0,
        buffers: 0,
        macs: 0,
    };

    /// What a layer costs on these inputs.
    ///
    /// # Errors
    ///
    /// An [`Error`] when the layer does not fit its inputs, or a number 64 bits.
    pub const fn of(layer: &Layer, inputs: &[Shape]) -> Result<Self, Error> {
        let mut counts = match layer {
            Layer::Subnetwork(network) => network.counts(),
            _ => attempt!(count_tensors(layer)),
        };
        let macs = attempt!(layer.macs(inputs));
        counts.macs = macs;
        // Later sums and doublings begin from numbers that fit.
        attempt!(sum(
            counts.weights,
            counts.biases,
            "the number of parameters"
        ));
        attempt!(sum(macs, macs, "the number of FLOPs"));
        Ok(counts)
    }

    /// The cost of `layer` when its weights are those of `owner`: they are
    /// counted there. `None` when `layer` has no weight, or one of another
    /// shape than the owner's.
    #[must_use]
    pub const fn sharing(mut self, layer: &Layer, owner: &Layer) -> Option<Self> {
        // A network shares all that it has with another use of it.
        if let (Layer::Subnetwork(_), Layer::Subnetwork(_)) = (layer, owner) {
            self.weights = 0;
            self.biases = 0;
            self.buffers = 0;
            return Some(self);
        }
        let mut shared = false;
        let mut index = 0;
        while let Some(tensor) = layer.tensor(index) {
            if matches!(tensor.role, Role::Weight) {
                let Some(other) = owner.tensor(index) else {
                    return None;
                };
                let same =
                    matches!(other.role, Role::Weight) && tensor.extents.equals(&other.extents);
                let (true, Some(elements)) = (same, tensor.elements()) else {
                    return None;
                };
                self.weights = self.weights.saturating_sub(elements);
                shared = true;
            }
            index += 1;
        }
        if shared { Some(self) } else { None }
    }

    /// Both costs together.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] when a sum does not fit 64 bits.
    pub const fn plus(&self, other: &Self) -> Result<Self, Error> {
        Ok(Self {
            weights: attempt!(sum(self.weights, other.weights, "the number of weights")),
            biases: attempt!(sum(self.biases, other.biases, "the number of biases")),
            buffers: attempt!(sum(self.buffers, other.buffers, "the number of buffers")),
            macs: attempt!(sum(
                self.macs,
                other.macs,
                "the number of multiply-accumulates"
            )),
        })
    }

    /// Weights and biases: what is trained.
    #[must_use]
    pub const fn params(&self) -> u64 {
        self.weights.saturating_add(self.biases)
    }

    /// Floating-point operations: two per multiply-accumulate.
    #[must_use]
    pub const fn flops(&self) -> u64 {
        self.macs.saturating_mul(2)
    }
}

/// The number of elements of a layer's tensors of each role.
const fn count_tensors(layer: &Layer) -> Result<Counts, Error> {
    let mut counts = Counts::ZERO;
    let mut index = 0;
    while let Some(tensor) = layer.tensor(index) {
        let Some(elements) = tensor.elements() else {
            return Err(overflow("the number of parameters"));
        };
        let (count, what) = match tensor.role {
            Role::Weight => (&mut counts.weights, "the number of weights"),
            Role::Bias => (&mut counts.biases, "the number of biases"),
            Role::Buffer => (&mut counts.buffers, "the number of buffers"),
        };
        *count = attempt!(sum(*count, elements, what));
        index += 1;
    }
    Ok(counts)
}
