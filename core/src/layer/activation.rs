//! Activations: functions of each element, or along one axis.

use core::fmt;

use crate::error::Error;
use crate::layer::Convention;
use crate::layer::convention::elements;
use crate::layer::explain::{Figured, Lines};
use crate::layer::{Memory, Receptive, Role, Tensor};
use crate::number::Grouped;
use crate::shape::Shape;

mod along;
mod entries;
mod kept;
mod triangle;

pub use along::Along;
pub(super) use entries::build;
pub use entries::{Activation, ENTRIES, names};
pub use triangle::Triangle;

/// The learned slope of `prelu` below 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slope {
    /// How many slopes there are: 1, or one per channel.
    pub parameters: usize,
}

impl Activation {
    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        match self {
            Self::Glu(along) => along.halved(&inputs[0]),
            _ => Ok(inputs[0]),
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        match (self, index) {
            (Self::PRelu(slope), 0) => {
                Some(Tensor::new("weight", &[slope.parameters], Role::Weight))
            }
            _ => None,
        }
    }

    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) const fn macs_by(
        &self,
        convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        let times = match (convention, self) {
            (
                Convention::Ptflops,
                Self::Relu | Self::PRelu(_) | Self::Elu { .. } | Self::Gelu { .. },
            ) => 2,
            (
                Convention::Ptflops,
                Self::Relu6 | Self::LeakyRelu { .. } | Self::Silu | Self::Softmax(_),
            ) => 1,
            _ => 0,
        };
        elements(times, &inputs[0])
    }

    pub(super) const fn memory(&self) -> Memory {
        match self {
            // These need more than the element in their own place.
            Self::Softmax(_)
            | Self::LogSoftmax(_)
            | Self::Softmin(_)
            | Self::Normalize { .. }
            | Self::Glu(_) => Memory::Fresh,
            _ => Memory::InPlace,
        }
    }

    pub(super) const fn receptive(&self, inputs: &[Shape], _place: usize) -> Receptive {
        match self {
            Self::Softmax(along)
            | Self::LogSoftmax(along)
            | Self::Softmin(along)
            | Self::Normalize { along, .. }
            | Self::Glu(along) => Receptive::whole_along(along.place, &inputs[0]),
            _ => Receptive::SAME,
        }
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        match self {
            Self::PRelu(slope) => {
                let slopes = Grouped(slope.parameters as u64);
                lines.result(Figured::Params, "parameters", slopes)
            }
            Self::Glu(along) => {
                let extent = inputs[0].extents().at(along.place);
                lines.output(along.axis, format_args!("{extent} / 2"), extent / 2)
            }
            _ => Ok(()),
        }
    }
}
