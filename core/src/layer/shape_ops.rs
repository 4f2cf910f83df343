//! Changes of shape: no parameters, no MACs.

use core::fmt;

use crate::argument::Name;
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::extents::Extents;
use crate::formula;
use crate::layer::Convention;
use crate::layer::convention::elements;
use crate::layer::explain::Lines;
use crate::layer::{Memory, Receptive, Tensor};
use crate::shape::Shape;
use crate::value::Value;

mod border;
mod channels;
mod entries;
mod kept;
mod order;
mod part;
mod patches;
mod seen;
mod select;
mod upsample;

pub use border::{Fill, Pad};
pub use channels::Parts;
pub use entries::{ENTRIES, ShapeOp, names};
pub use patches::Patches;
pub use select::IndexSelect;
pub use upsample::{Interpolation, Upsample};

pub(super) const fn build(place: u8, args: &Args, inputs: &[Shape]) -> Result<ShapeOp, Error> {
    let op = attempt!(entries::unchecked(place, args, inputs));
    // Everything that can be wrong is told when the layer is built.
    attempt!(op.output(inputs, 0));
    Ok(op)
}

impl ShapeOp {
    pub(super) const fn results(&self) -> usize {
        match self {
            Self::ChannelSplit(parts) => parts.len(),
            _ => 1,
        }
    }

    pub(super) const fn output(&self, inputs: &[Shape], result: usize) -> Result<Shape, Error> {
        let input = &inputs[0];
        match self {
            Self::Flatten { .. } => order::flattened(input),
            Self::Reshape { shape, .. } => Ok(*shape),
            Self::Permute { axes } => Ok(order::permuted(axes, input)),
            Self::ToSequence => order::sequence(input),
            Self::Pad(pad) => pad.output(input),
            Self::Crop { sides } => border::cropped(sides, input),
            Self::Roll { .. } | Self::ChannelShuffle { .. } => Ok(*input),
            Self::Slice { start, end } => part::between(start, end, input),
            Self::First | Self::Last => part::one_position(input),
            Self::IndexSelect(select) | Self::Gather(select) => select.output(inputs),
            Self::Expand { shape } => Ok(*shape),
            Self::Unfold(patches) => patches.unfold(input),
            Self::Fold(patches) => patches.fold(),
            Self::ChannelSplit(parts) => parts.output(input, result),
            Self::PixelShuffle { factor, .. } => channels::to_pixels(*factor, input),
            Self::PixelUnshuffle { factor, .. } => channels::from_pixels(*factor, input),
            Self::Upsample(upsample) => upsample.output(input),
        }
    }

    pub(super) const fn tensor(&self, _index: usize) -> Option<Tensor> {
        None
    }

    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) const fn macs_by(
        &self,
        convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        let Self::Upsample(upsample) = self else {
            return Ok(0);
        };
        let image = inputs[0].spatial_rank() == 2;
        let times = match (convention, upsample.mode) {
            (Convention::Fvcore, Interpolation::Nearest) if image => 1,
            (Convention::Fvcore, Interpolation::Bilinear) => 4,
            (Convention::Ptflops, _) => 2,
            _ => 0,
        };
        elements(times, &attempt!(self.output(inputs, 0)))
    }

    pub(super) const fn memory(&self) -> Memory {
        match self {
            Self::Flatten { .. } | Self::Reshape { .. } => Memory::Alias,
            _ => Memory::Fresh,
        }
    }

    pub(super) const fn receptive(&self, inputs: &[Shape], _place: usize) -> Receptive {
        seen::receptive(self, &inputs[0])
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        let input = &inputs[0];
        match self {
            Self::Flatten { .. } => order::explain_product("features", input.extents(), lines),
            Self::Reshape { .. } => order::explain_product("elements", input.extents(), lines),
            Self::ToSequence => order::explain_product("length", input.spatial(), lines),
            Self::Pad(pad) => border::explain(&pad.padding, '+', input, lines),
            Self::Crop { sides } => border::explain(sides, '-', input, lines),
            Self::Slice { start, end } => part::explain(start, end, input, lines),
            Self::Unfold(patches) => patches.explain(input, lines),
            Self::Fold(patches) => patches.explain_fold(input, lines),
            Self::ChannelSplit(parts) => parts.explain(input, lines),
            Self::PixelShuffle { factor, .. } => {
                channels::explain_pixels(*factor, ('*', '/'), input, lines)
            }
            Self::PixelUnshuffle { factor, .. } => {
                channels::explain_pixels(*factor, ('/', '*'), input, lines)
            }
            Self::Upsample(upsample) => upsample.explain(input, lines),
            Self::Permute { .. }
            | Self::Roll { .. }
            | Self::First
            | Self::Last
            | Self::IndexSelect(_)
            | Self::Gather(_)
            | Self::Expand { .. }
            | Self::ChannelShuffle { .. } => Ok(()),
        }
    }
}

/// A shape that a rule put together: what has no place in one is too large,
/// since no rule makes an extent of 0.
const fn shape(shape: Option<Shape>) -> Result<Shape, Error> {
    match shape {
        Some(shape) => Ok(shape),
        None => Err(formula::overflow("the output shape")),
    }
}

/// A number of elements as an extent.
const fn extent(elements: Option<u64>) -> Result<usize, Error> {
    match elements {
        #[expect(clippy::cast_possible_truncation, reason = "compared just before")]
        Some(elements) if elements <= usize::MAX as u64 => Ok(elements as usize),
        _ => Err(formula::overflow("the number of elements")),
    }
}

/// A list that is not one number per spatial axis; a single number is a list of
/// one.
const fn list(args: &Args, name: Name) -> Result<Extents, Error> {
    match args.get(name) {
        Value::Extents(extents) => Ok(extents),
        _ => Ok(Extents::new(&[attempt!(args.int(name))])),
    }
}

/// That the input has positions: not for vectors.
const fn spatial(input: &Shape) -> Result<(), Error> {
    if input.spatial_rank() == 0 {
        return Err(Error::InputRank {
            needs: Needs::Positions,
            input: *input,
        });
    }
    Ok(())
}
