//! What changes of shape keep for the backward pass.

use super::{Fill, ShapeOp};
use crate::layer::kept::{Backward, Kept, View};
use crate::shape::Shape;

impl ShapeOp {
    /// Nothing, but a padding that takes elements of its input; many are views.
    ///
    /// Source: PyTorch's views, `reflection_pad2d`, `replication_pad2d`, `gather`.
    pub(in crate::layer) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        match self {
            // Where the gradient of each slice goes.
            Self::IndexSelect(select) => {
                Kept::NOTHING.indices(pass.elements(&inputs[select.index]))
            }
            // And what is gathered from, of which only the extents are read.
            Self::Gather(select) => Kept::INPUT.indices(pass.elements(&inputs[select.index])),
            Self::Flatten { .. } | Self::Reshape { .. } => Kept::NOTHING.lying(View::Flat),
            Self::Permute { .. } | Self::ToSequence => Kept::NOTHING.lying(View::Permuted),
            Self::Crop { .. }
            | Self::Slice { .. }
            | Self::First
            | Self::Last
            | Self::ChannelSplit(_) => Kept::NOTHING.lying(View::Part),
            Self::Pad(pad) => match pad.fill {
                Fill::Reflect | Fill::Replicate => Kept::INPUT,
                Fill::Constant(_) | Fill::Circular => Kept::NOTHING,
            },
            Self::Roll { .. }
            | Self::Expand { .. }
            | Self::Unfold(_)
            | Self::Fold(_)
            | Self::ChannelShuffle { .. }
            | Self::PixelShuffle { .. }
            | Self::PixelUnshuffle { .. }
            | Self::Upsample(_) => Kept::NOTHING,
        }
    }
}
