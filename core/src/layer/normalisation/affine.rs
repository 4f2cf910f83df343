//! What normalisations learn, and what they keep.

use core::fmt;

use crate::argument::{Name, name};
use crate::entry::Args;
use crate::extents::Extents;
use crate::layer::explain::{Figured, Lines, product};
use crate::layer::{Role, Tensor, TensorName};
use crate::number::Grouped;

/// The learned scale and shift after a normalisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Affine {
    /// The extents of each tensor.
    pub extents: Extents,
    /// Whether there is a scale, `weight`.
    pub weight: bool,
    /// Whether there is a shift, `bias`.
    pub bias: bool,
}

impl Affine {
    /// What the argument `both`, which switches both off, and the arguments
    /// `weight` and `bias` say.
    pub(super) const fn build(args: &Args, both: Name, extents: Extents) -> Self {
        let learned = args.bool(both);
        Self {
            extents,
            weight: learned && args.bool(name!("weight")),
            bias: learned && args.bool(name!("bias")),
        }
    }

    /// How many tensors there are.
    pub(super) const fn tensors(&self) -> usize {
        self.weight as usize + self.bias as usize
    }

    /// The weight, then the bias.
    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        let (name, role) = match (index, self.weight, self.bias) {
            (0, true, _) => ("weight", Role::Weight),
            (0, false, true) | (1, true, true) => ("bias", Role::Bias),
            _ => return None,
        };
        Some(Tensor {
            name: TensorName::plain(name),
            extents: self.extents,
            role,
        })
    }

    /// Writes the line of parameters: `parameters: 64 + 64 = 128`.
    pub(super) fn explain(&self, lines: &mut Lines<'_>) -> fmt::Result {
        let Some(each) = self.extents.product() else {
            return Ok(());
        };
        match self.tensors() {
            0 => return Ok(()),
            1 if self.extents.len() == 1 => {
                return lines.result(Figured::Params, "parameters", each);
            }
            _ => {}
        }
        let formula = fmt::from_fn(|f| {
            for tensor in 0..self.tensors() {
                let plus = if tensor == 0 { "" } else { " + " };
                write!(f, "{plus}{}", product(self.extents))?;
            }
            Ok(())
        });
        let all = each.saturating_mul(self.tensors() as u64);
        lines.tell(Figured::Params, "parameters", formula, Grouped(all))
    }
}

/// Which of the parts of the features that are normalised apart have which weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadWeights {
    /// All the same.
    Shared,
    /// Each its own, one behind the other in a vector.
    Joined,
    /// Each its own, a row of a matrix.
    Separate,
}

impl HeadWeights {
    pub(super) const fn of(args: &Args) -> Self {
        if args.is(name!("head_weights"), "joined") {
            Self::Joined
        } else if args.is(name!("head_weights"), "separate") {
            Self::Separate
        } else {
            Self::Shared
        }
    }
}

/// The mean and the variance of each channel, kept for inference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// C, the channels.
    pub channels: usize,
    /// Whether they are kept.
    pub tracked: bool,
}

impl Statistics {
    /// The mean, then the variance.
    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        let name = match (index, self.tracked) {
            (0, true) => "running_mean",
            (1, true) => "running_var",
            _ => return None,
        };
        Some(Tensor::new(name, &[self.channels], Role::Buffer))
    }
}
