//! Attention and transformer layers.

use core::fmt;

use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::formula;
use crate::layer::Convention;
use crate::layer::explain::Lines;
use crate::layer::{Memory, Receptive, Tensor};
use crate::shape::Shape;

mod conventions;
mod entries;
mod kept;
mod multihead;
mod position_bias;
mod products;
mod relative;
mod rotary;
mod scores;
mod tensors;
mod transformer;
mod window;

pub use entries::{ENTRIES, names};
pub use multihead::{HeadNorm, MultiHead};
pub use position_bias::WindowPositionBias;
pub use products::DotProduct;
pub use relative::RelativePositionBias;
pub use rotary::{Rotary, RotaryEmbedding, RotaryScaling};
pub use scores::Scores;
pub use transformer::{MAX_LAYERS, Transformer, TransformerActivation};
pub use window::{CONTINUOUS_FEATURES, IndexBuffers, LocalWindow, Partition, PositionBias};

/// An attention layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Attention {
    /// `attention`.
    MultiHead(MultiHead),
    /// `scaled_dot_product_attention`.
    DotProduct(DotProduct),
    /// `transformer_encoder`, `transformer_decoder`.
    Transformer(Transformer),
    /// `rotary_embedding`.
    Rotary(RotaryEmbedding),
    /// `relative_position_bias`.
    RelativeBias(RelativePositionBias),
    /// `window_position_bias`.
    WindowBias(WindowPositionBias),
}

pub(super) const fn build(place: u8, args: &Args, inputs: &[Shape]) -> Result<Attention, Error> {
    let layer = attempt!(entries::unchecked(place, args, inputs));
    attempt!(layer.output(inputs, 0));
    // A layer's tensors: those of later layers in a row have the same sizes.
    let mut index = 0;
    while index < 32
        && let Some(tensor) = layer.tensor(index)
    {
        if tensor.elements().is_none() {
            return Err(formula::overflow("the number of parameters"));
        }
        index += 1;
    }
    Ok(layer)
}

impl Attention {
    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        match self {
            Self::MultiHead(attention) => attention.output(&inputs[0]),
            Self::DotProduct(attention) => attention.output(inputs),
            Self::Transformer(_) | Self::Rotary(_) => Ok(inputs[0]),
            Self::RelativeBias(bias) => bias.output(inputs),
            Self::WindowBias(bias) => bias.output(),
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        match self {
            Self::MultiHead(attention) => attention.tensor(index),
            Self::DotProduct(_) | Self::Rotary(_) => None,
            Self::Transformer(transformer) => transformer.tensor(index),
            Self::RelativeBias(bias) => bias.tensor(index),
            Self::WindowBias(bias) => bias.tensor(index),
        }
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        match self {
            Self::MultiHead(attention) => attention.macs(inputs),
            Self::DotProduct(attention) => attention.macs(inputs),
            Self::Transformer(transformer) => transformer.macs(inputs),
            Self::Rotary(_) | Self::RelativeBias(_) => Ok(0),
            Self::WindowBias(bias) => bias.macs(),
        }
    }

    pub(super) const fn macs_by(
        &self,
        convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        match (self, convention) {
            (Self::MultiHead(attention), Convention::Fvcore) => attention.projection_macs(inputs),
            (Self::MultiHead(attention), Convention::Ptflops) => attention.ptflops(inputs),
            (Self::Transformer(layer), Convention::Fvcore) => layer.fvcore(inputs),
            (Self::Transformer(layer), Convention::Ptflops) => layer.ptflops(inputs),
            (Self::WindowBias(bias), _) => bias.macs(),
            // A fused function, which neither tool knows.
            (
                Self::DotProduct(_) | Self::Rotary(_) | Self::RelativeBias(_),
                Convention::Fvcore | Convention::Ptflops,
            ) => Ok(0),
            (_, Convention::Torchvision) => self.macs(inputs),
        }
    }

    pub(super) const fn memory(&self) -> Memory {
        Memory::Fresh
    }

    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        match self {
            Self::Rotary(_) => Receptive::SAME,
            _ => Receptive::Whole,
        }
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        match self {
            Self::MultiHead(attention) => attention.explain(inputs, lines),
            Self::DotProduct(attention) => attention.explain(inputs, lines),
            Self::Transformer(transformer) => transformer.explain(inputs, lines),
            Self::Rotary(_) => Ok(()),
            Self::RelativeBias(bias) => {
                lines.tensors("parameters", (0..).map_while(|index| bias.tensor(index)))
            }
            Self::WindowBias(bias) => {
                lines.tensors("parameters", (0..).map_while(|index| bias.tensor(index)))
            }
        }
    }
}

/// The input at the place that an argument's value has.
const fn given<'a>(
    place: Option<usize>,
    argument: &'static str,
    inputs: &'a [Shape],
) -> Result<(usize, &'a Shape), Error> {
    match place {
        Some(place) if place < inputs.len() => Ok((place, &inputs[place])),
        _ => Err(Error::Missing { argument }),
    }
}

/// The error for a value that is no sequence, if it is none.
const fn sequence(input: &Shape) -> Result<(), Error> {
    if input.rank() == 2 {
        return Ok(());
    }
    Err(Error::InputRank {
        needs: Needs::Sequence,
        input: *input,
    })
}

/// The error for heads that do not divide the features, if they do not.
const fn divides(
    argument: &'static str,
    divisor: usize,
    what: &'static str,
    value: usize,
) -> Result<(), Error> {
    if divisor > 0 && value.is_multiple_of(divisor) {
        return Ok(());
    }
    Err(Error::NotDivisible {
        argument,
        divisor,
        what,
        value,
        also: value,
    })
}
