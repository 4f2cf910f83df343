//! What convolutions keep for the backward pass.

use super::{Conv, Convolution, PaddingMode};
use crate::extents::Extents;
use crate::layer::Parametrization;
use crate::layer::kept::{Backward, Cache, Kept};
use crate::layer::window::padded;
use crate::shape::Shape;

impl Convolution {
    /// What the kernels read of a sequence whose next position sees the ones before it, the newest
    /// among them.
    ///
    /// Source: `transformers`' Mamba and Mamba-2, `conv_states`, which have as many positions as the kernel.
    pub(in crate::layer) const fn cache(&self) -> Cache {
        let conv = match self {
            Self::Conv(conv) | Self::Depthwise(conv) => conv,
            Self::Separable(conv) => &conv.depthwise,
            Self::Transpose(_) | Self::Deformable(_) => return Cache::NOTHING,
        };
        let window = &conv.window;
        let zeros = matches!(conv.padding_mode, PaddingMode::Zeros);
        if !zeros
            || window.kernel.len() != 1
            || window.stride.at(0) != 1
            || window.kernel.at(0) == 1
        {
            return Cache::NOTHING;
        }
        match window.axis(0).reach() {
            Ok(reach) if matches!(window.padding.at(0), (before, 0) if before + 1 == reach) => {
                Cache::state((conv.in_channels as u64).saturating_mul(reach as u64))
            }
            _ => Cache::NOTHING,
        }
    }

    /// What the kernels slide over: the input, or a padded copy of it.
    ///
    /// Source: PyTorch's `convolution`.
    pub(in crate::layer) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        let input = &inputs[0];
        match self {
            Self::Conv(conv) | Self::Depthwise(conv) => conv.keeps(input, pass),
            Self::Separable(conv) => {
                let middle = match conv.depthwise.output(input) {
                    Ok(middle) => pass.elements(&middle),
                    Err(_) => 0,
                };
                conv.depthwise.keeps(input, pass).values(middle)
            }
            Self::Deformable(layer) => layer.keeps(pass),
            Self::Transpose(conv) => made(Kept::INPUT, &conv.parametrization, conv.weight()),
        }
    }
}

/// With what making the weight keeps.
const fn made(
    kept: Kept,
    parametrization: &Option<Parametrization>,
    weight: Option<Extents>,
) -> Kept {
    match (parametrization, weight) {
        (Some(parametrization), Some(weight)) => parametrization.keeps(&weight, kept),
        _ => kept,
    }
}

impl Conv {
    const fn keeps(&self, input: &Shape, pass: &Backward) -> Kept {
        let kept = match self.padding_mode {
            PaddingMode::Zeros => match padded(&self.window, input) {
                Some(elements) => Kept::NOTHING.values(pass.samples.saturating_mul(elements)),
                None => Kept::INPUT,
            },
            // The padding keeps the input, too: its gradient adds up at the edge.
            PaddingMode::Reflect | PaddingMode::Replicate => {
                Kept::INPUT.values(self.surrounded(input, pass))
            }
            PaddingMode::Circular => Kept::NOTHING.values(self.surrounded(input, pass)),
        };
        made(kept, &self.parametrization, self.weight())
    }

    /// The elements of the input with all its padding.
    const fn surrounded(&self, input: &Shape, pass: &Backward) -> u64 {
        let spatial = input.spatial();
        let mut elements = pass.count(&[input.channels() as u64]);
        let mut axis = 0;
        while axis < spatial.len() {
            let (before, after) = self.window.padding.at(axis);
            let extent = spatial
                .at(axis)
                .saturating_add(before)
                .saturating_add(after);
            elements = elements.saturating_mul(extent as u64);
            axis += 1;
        }
        elements
    }
}
