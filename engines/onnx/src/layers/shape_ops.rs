//! Changes of shape.

use shapewise_core::layer::shape_ops::{Fill, Parts, ShapeOp};
use shapewise_core::{Extents, Shape};

use super::{patches, resize};
use crate::Error;
use crate::builder::{Attribute, Attributes};
use crate::layer::Said;
use crate::value::{Value, axis_of, batched, int, sizes};

pub(super) fn say(said: &mut Said<'_>, layer: &ShapeOp) -> Result<Vec<Value>, Error> {
    let x = said.input();
    let input = said.shapes[0];
    let rank = input.rank();
    let output = said.results.first().copied();
    let one = match layer {
        ShapeOp::Flatten { channels_last } => {
            let elements = output.map_or(1, |shape| shape.channels());
            ordered(said, &x, *channels_last, &Shape::new(&[elements]))?
        }
        ShapeOp::Reshape {
            shape,
            channels_last,
        } => ordered(said, &x, *channels_last, shape)?,
        ShapeOp::Permute { axes } => permuted(said, &x, axes)?,
        ShapeOp::ToSequence => {
            let x = said.builder.channels_last(&x)?;
            let positions = input
                .positions()
                .and_then(|count| usize::try_from(count).ok());
            let positions = positions.ok_or(Error::Overflow)?;
            said.builder
                .reshape(&x, batched(&[positions, input.channels()]))?
        }
        ShapeOp::Pad(pad) => {
            let (mode, fill) = match pad.fill {
                Fill::Constant(value) => ("constant", value),
                Fill::Reflect => ("reflect", 0.0),
                Fill::Replicate => ("edge", 0.0),
                Fill::Circular => ("wrap", 0.0),
            };
            let (before, after) = (pad.padding.before(), pad.padding.after());
            let around: Vec<_> = (0..before.len())
                .map(|place| (axis_of(place, rank), before.at(place), after.at(place)))
                .collect();
            said.builder.pad(&x, &around, mode, fill)?
        }
        ShapeOp::Crop { sides } => {
            let parts: Vec<_> = (0..sides.len())
                .map(|place| {
                    let end = input.extents().at(place) - sides.after().at(place);
                    (axis_of(place, rank), sides.before().at(place), end)
                })
                .collect();
            said.builder.slices(&x, &parts)?
        }
        ShapeOp::Roll { shift, reverse } => {
            let shift: Vec<_> = (0..shift.len())
                .map(|place| (axis_of(place, rank), shift.at(place)))
                .collect();
            rolled(said, &x, &shift, *reverse)?
        }
        ShapeOp::Slice { start, end } => {
            let parts: Vec<_> = (0..rank)
                .map(|place| (axis_of(place, rank), start.at(place), end.at(place)))
                .collect();
            said.builder.slices(&x, &parts)?
        }
        ShapeOp::First => position(said, &x, 0)?,
        ShapeOp::Last => position(said, &x, input.extents().at(0) - 1)?,
        ShapeOp::Mean => {
            let positions: Vec<_> = (0..rank - 1).map(|place| axis_of(place, rank)).collect();
            said.builder.reduce("ReduceMean", &x, &positions, false)?
        }
        ShapeOp::Unfold(all) => patches::unfold(said, &x, all)?,
        ShapeOp::Fold(all) => patches::fold(said, &x, all)?,
        ShapeOp::ChannelShuffle { groups } => shuffled(said, &x, *groups)?,
        ShapeOp::ChannelSplit(parts) => {
            let channels = input.channels();
            let parts = match parts {
                Parts::Equal(count) => vec![channels / count; *count],
                Parts::Sizes(sizes) => sizes.as_slice().to_vec(),
            };
            return said.builder.split(&x, axis_of(rank - 1, rank), &parts);
        }
        ShapeOp::PixelShuffle {
            factor,
            channels_last,
        } => {
            let mode = if *channels_last { "DCR" } else { "CRD" };
            let mut attributes = block(*factor)?;
            attributes.push(("mode", Attribute::Text(mode)));
            let out = [
                x.size(1) / factor / factor,
                x.size(2) * factor,
                x.size(3) * factor,
            ];
            said.builder
                .node("DepthToSpace", &[&x], attributes, batched(&out))
        }
        ShapeOp::PixelUnshuffle {
            factor,
            channels_last,
        } => from_pixels(said, &x, *factor, *channels_last)?,
        ShapeOp::Upsample(upsample) => resize::say(said, &x, upsample)?,
    };
    Ok(vec![one])
}

fn block(factor: usize) -> Result<Attributes, Error> {
    Ok(vec![("blocksize", Attribute::Int(int(factor)?))])
}

/// The same elements as another shape, taken channels first or last.
fn ordered(said: &mut Said<'_>, x: &Value, last: bool, shape: &Shape) -> Result<Value, Error> {
    if last {
        let x = said.builder.channels_last(x)?;
        let y = said.builder.reshape(&x, batched(shape.as_slice()))?;
        return said.builder.back_from_channels_last(&y);
    }
    let x = said.builder.channels_first(x)?;
    let y = said
        .builder
        .reshape(&x, batched(shape.channels_first().as_slice()))?;
    said.builder.back_from_channels_first(&y)
}

/// The axes of the notation in another order, as one transposition of the model's.
fn permuted(said: &mut Said<'_>, x: &Value, axes: &Extents) -> Result<Value, Error> {
    let rank = axes.len();
    let mut order = vec![0; rank + 1];
    for place in 0..rank {
        order[axis_of(place, rank)] = axis_of(axes.at(place), rank);
    }
    said.builder.transpose(x, &order)
}

/// One position of a sequence.
fn position(said: &mut Said<'_>, x: &Value, place: usize) -> Result<Value, Error> {
    let place = int(place)?;
    let place = said.builder.indices(&[place], &[]);
    said.builder.gather(x, &place, 1)
}

/// The elements moved along some axes, each by so much.
pub(super) fn rolled(
    said: &mut Said<'_>,
    x: &Value,
    shift: &[(usize, usize)],
    reverse: bool,
) -> Result<Value, Error> {
    let mut x = x.clone();
    for &(axis, shift) in shift {
        let extent = x.size(axis);
        let shift = shift % extent;
        if shift == 0 {
            continue;
        }
        let cut = if reverse { shift } else { extent - shift };
        let start = said.builder.slice(&x, axis, 0, cut)?;
        let end = said.builder.slice(&x, axis, cut, extent)?;
        x = said.builder.concat(&[end, start], axis)?;
    }
    Ok(x)
}

fn shuffled(said: &mut Said<'_>, x: &Value, groups: usize) -> Result<Value, Error> {
    let axis = if x.rank() > 3 { 1 } else { x.rank() - 1 };
    let each = x.size(axis) / groups;
    let mut dims = x.dims.clone();
    dims.splice(axis..=axis, sizes(&[groups, each]));
    let dealt = said.builder.reshape(x, dims)?;
    let mut order: Vec<_> = (0..dealt.rank()).collect();
    order.swap(axis, axis + 1);
    let dealt = said.builder.transpose(&dealt, &order)?;
    said.builder.reshape(&dealt, x.dims.clone())
}

fn from_pixels(
    said: &mut Said<'_>,
    x: &Value,
    factor: usize,
    channels_last: bool,
) -> Result<Value, Error> {
    let (channels, height, width) = (x.size(1), x.size(2) / factor, x.size(3) / factor);
    let square = factor.checked_mul(factor).ok_or(Error::Overflow)?;
    let all = channels.checked_mul(square).ok_or(Error::Overflow)?;
    let out = batched(&[all, height, width]);
    if channels_last {
        return Ok(said.builder.node("SpaceToDepth", &[x], block(factor)?, out));
    }
    let blocks = batched(&[channels, height, factor, width, factor]);
    let blocks = said.builder.reshape(x, blocks)?;
    let blocks = said.builder.transpose(&blocks, &[0, 1, 3, 5, 2, 4])?;
    said.builder.reshape(&blocks, out)
}
