//! What normalisations keep for the backward pass.

use super::{ChannelNorm, Normalisation};
use crate::layer::kept::{Backward, Kept, View};
use crate::shape::Shape;

impl Normalisation {
    /// The input and its statistics, a mean and a deviation of each set of elements that is
    /// normalised.
    ///
    /// Source: PyTorch's `native_batch_norm`, `native_layer_norm`, `native_group_norm`;
    /// `rms_norm` and `local_response_norm` consist of other functions.
    pub(in crate::layer) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        let input = &inputs[0];
        let elements = pass.elements(input);
        match self {
            // By what the input is multiplied.
            Self::Batch(norm) if norm.frozen => Kept::NOTHING
                .values(norm.statistics.channels as u64)
                .lying(View::Alike),
            // Over all samples: as many, however many these are.
            Self::Batch(norm) => Kept::INPUT.statistics(2 * norm.statistics.channels as u64),
            Self::Instance(norm) => norm.of_each_sample(pass),
            Self::Layer { affine, .. } => {
                let each = match affine.extents.product() {
                    Some(each) if each > 0 => each,
                    _ => 1,
                };
                Kept::INPUT.statistics((elements / each).saturating_mul(2))
            }
            Self::Group { groups, .. } => Kept::INPUT.statistics(pass.count(&[2, *groups as u64])),
            Self::RootMeanSquare { affine, .. } => {
                let each = match affine.extents.product() {
                    Some(each) if each > 0 => each,
                    _ => 1,
                };
                let kept = Kept::INPUT.statistics(elements / each);
                // What the weight multiplies.
                if affine.weight {
                    kept.values(elements)
                } else {
                    kept
                }
            }
            // The squares with channels of zeros at both ends, the sums, and their power,
            // by which the input is divided.
            Self::LocalResponse { size, .. } => {
                let positions = pass.positions(input);
                let padded = input.channels() as u64 + size.saturating_sub(1) as u64;
                Kept::INPUT
                    .values(positions.saturating_mul(padded))
                    .values(elements.saturating_mul(2))
            }
        }
    }
}

impl ChannelNorm {
    /// PyTorch normalises the channels of all samples as channels of one: what is learned and
    /// what is tracked is repeated for each.
    const fn of_each_sample(&self, pass: &Backward) -> Kept {
        let channels = pass.count(&[self.statistics.channels as u64]);
        let mut kept = Kept::INPUT.statistics(channels.saturating_mul(2));
        if self.statistics.tracked {
            kept = kept.statistics(channels.saturating_mul(2));
        }
        if self.affine.weight {
            kept = kept.statistics(channels);
        }
        kept
    }
}
