//! Changes of shape.

use shapewise_core::layer::shape_ops::{IndexSelect, Interpolation, Parts, ShapeOp, Upsample};
use shapewise_core::{Extents, Shape};

use super::patches;
use crate::compose::ranked;
use crate::dims::{Dim, Elements};
use crate::engine::{Engine, Resize};
use crate::error::Fault;
use crate::lowering::{Lowered, Lowering, axis_of, axis_of_channels, pairs, product};

pub(super) fn lower<E: Engine>(
    l: &mut Lowering<'_, E>,
    layer: &ShapeOp,
    results: &mut Vec<E::Value>,
) -> Lowered<E, ()> {
    if let ShapeOp::IndexSelect(select) = layer {
        let x = l.inputs[0].clone();
        results.push(selected(l, x, *select)?);
        return Ok(());
    }
    if let ShapeOp::Gather(gather) = layer {
        let x = l.inputs[0].clone();
        results.push(gathered(l, x, *gather)?);
        return Ok(());
    }
    let x = l.input();
    let input = l.shapes[0];
    let rank = input.rank();
    let one = match layer {
        ShapeOp::Flatten { channels_last } => {
            let shape = l.results[0];
            ordered(l, x, *channels_last, &shape)?
        }
        ShapeOp::Reshape {
            shape,
            channels_last,
        } => ordered(l, x, *channels_last, shape)?,
        ShapeOp::Permute { axes } => permuted(l, x, axes)?,
        ShapeOp::ToSequence => {
            let x = l.channels_last(x)?;
            let positions = input.positions();
            let positions = positions.and_then(|count| usize::try_from(count).ok());
            let dims = l.batched(&[positions.ok_or(Fault::Overflow)?, input.channels()]);
            l.engine.reshape(x, &dims)?
        }
        ShapeOp::Pad(pad) => {
            let mut padding = vec![(0, 0); rank + 1];
            for (place, sides) in pairs(&pad.padding).into_iter().enumerate() {
                padding[axis_of(place, rank)] = sides;
            }
            l.engine.pad(x, &padding, pad.fill)?
        }
        ShapeOp::Crop { sides } => {
            let parts: Vec<_> = (0..sides.len())
                .map(|place| {
                    let (before, after) = sides.at(place);
                    let end = input.extents().at(place) - after;
                    (axis_of(place, rank), before, end)
                })
                .collect();
            l.engine.slices(x, &parts)?
        }
        ShapeOp::Roll { shift, reverse } => {
            let shifts: Vec<_> = (0..shift.len())
                .map(|place| {
                    let extent = input.extents().at(place);
                    let by = shift.at(place) % extent;
                    (
                        axis_of(place, rank),
                        if *reverse { extent - by } else { by },
                    )
                })
                .collect();
            l.engine.roll(x, &shifts)?
        }
        ShapeOp::Slice { start, end } => {
            let parts: Vec<_> = (0..rank)
                .map(|place| (axis_of(place, rank), start.at(place), end.at(place)))
                .collect();
            l.engine.slices(x, &parts)?
        }
        ShapeOp::First => l.engine.at(x, 1, 0)?,
        ShapeOp::Last => l.engine.at(x, 1, input.extents().at(0) - 1)?,
        // These read their indices, too, and are made above.
        ShapeOp::IndexSelect(_) | ShapeOp::Gather(_) => x,
        ShapeOp::Expand { shape } => expanded(l, x, shape)?,
        ShapeOp::Unfold(all) => patches::unfold(l, x, all)?,
        ShapeOp::Fold(all) => patches::fold(l, x, all)?,
        ShapeOp::ChannelShuffle { groups } => shuffled(l, x, *groups)?,
        ShapeOp::ChannelSplit(parts) => {
            let channels = input.channels();
            let parts = match parts {
                Parts::Equal(count) => vec![channels / count; *count],
                Parts::Sizes(sizes) => sizes.as_slice().to_vec(),
            };
            let axis = axis_of(rank - 1, rank);
            results.append(&mut l.engine.split(x, axis, &parts)?);
            return Ok(());
        }
        ShapeOp::PixelShuffle {
            factor,
            channels_last,
        } => l.engine.pixel_shuffle(x, *factor, *channels_last)?,
        ShapeOp::PixelUnshuffle {
            factor,
            channels_last,
        } => l.engine.pixel_unshuffle(x, *factor, *channels_last)?,
        ShapeOp::Upsample(upsample) => resized(l, x, upsample)?,
    };
    results.push(one);
    Ok(())
}

/// The same elements as another shape, taken channels first or last.
fn ordered<E: Engine>(
    l: &mut Lowering<'_, E>,
    x: E::Value,
    last: bool,
    shape: &Shape,
) -> Lowered<E> {
    if last {
        let x = l.channels_last(x)?;
        let dims = l.batched(shape.as_slice());
        let y = l.engine.reshape(x, &dims)?;
        return Ok(l.back_from_channels_last(y)?);
    }
    let x = l.channels_first(x)?;
    let dims = l.batched(shape.channels_first().as_slice());
    let y = l.engine.reshape(x, &dims)?;
    Ok(l.back_from_channels_first(y)?)
}

/// The axes of the notation in another order, as one transposition.
fn permuted<E: Engine>(l: &mut Lowering<'_, E>, x: E::Value, axes: &Extents) -> Lowered<E> {
    let rank = axes.len();
    let mut order = vec![0; rank + 1];
    for place in 0..rank {
        order[axis_of(place, rank)] = axis_of(axes.at(place), rank);
    }
    Ok(l.engine.permute(x, &order)?)
}

fn shuffled<E: Engine>(l: &mut Lowering<'_, E>, x: E::Value, groups: usize) -> Lowered<E> {
    let dims = l.engine.dims(&x);
    let axis = axis_of_channels(dims.len());
    let each = l.shapes[0].channels() / groups;
    let mut dealt = dims.clone();
    dealt.splice(axis..=axis, [Dim::Size(groups), Dim::Size(each)]);
    let y = l.engine.reshape(x, &dealt)?;
    let y = crate::compose::swapped(l.engine, y, axis, axis + 1)?;
    Ok(l.engine.reshape(y, &dims)?)
}

fn resized<E: Engine>(l: &mut Lowering<'_, E>, x: E::Value, upsample: &Upsample) -> Lowered<E> {
    let x = l.channels_first(x)?;
    let size = upsample.size.as_slice();
    let y = match upsample.mode {
        Interpolation::Area => l.engine.adaptive_avg_pool(x, size)?,
        mode => {
            let options = Resize {
                size,
                scale: upsample.scale,
                mode,
                align_corners: upsample.align_corners,
            };
            l.engine.resize(x, &options)?
        }
    };
    Ok(l.back_from_channels_first(y)?)
}

/// Slices by indices of each sample: a product with rows of which one element is 1.
fn selected<E: Engine>(l: &mut Lowering<'_, E>, x: E::Value, select: IndexSelect) -> Lowered<E> {
    let rank = l.shapes[0].rank();
    let axis = axis_of(select.axis, rank);
    let index = l.inputs[select.index].clone();
    l.inputs.clear();
    let extent = l.shapes[0].extents().at(select.axis);
    let count = l.shapes[select.index].features();
    let index = match l.engine.elements(&index) {
        Elements::Int => index,
        _ => l.engine.to_int(index)?,
    };
    let dims = l.batched(&[count, 1]);
    let index = l.engine.reshape(index, &dims)?;
    let places = l.engine.arange(extent)?;
    let places = ranked(l.engine, places, 3)?;
    let chosen = l.engine.equal(index, places)?;
    let chosen = l.engine.to_float(chosen)?;
    // The axis first, all others as one.
    let mut order: Vec<_> = (0..=rank).collect();
    order.remove(axis);
    order.insert(1, axis);
    let x = l.engine.permute(x, &order)?;
    let mut dims = l.engine.dims(&x);
    let rest: Vec<_> = l.shapes[0].extents().as_slice().to_vec();
    let rest: Vec<_> = (0..rank)
        .filter(|place| *place != select.axis)
        .map(|place| rest[place])
        .collect();
    let flat = l.batched(&[extent, product::<E>(&rest)?]);
    let x = l.engine.reshape(x, &flat)?;
    let y = l.engine.matmul(chosen, x)?;
    dims[1] = Dim::Size(count);
    let y = l.engine.reshape(y, &dims)?;
    let mut back = vec![0; rank + 1];
    for (place, axis) in order.into_iter().enumerate() {
        back[axis] = place;
    }
    Ok(l.engine.permute(y, &back)?)
}

/// Elements by indices of their own: the sum over an axis of which one element is taken.
fn gathered<E: Engine>(l: &mut Lowering<'_, E>, x: E::Value, gather: IndexSelect) -> Lowered<E> {
    let rank = l.shapes[0].rank();
    let axis = axis_of(gather.axis, rank);
    let index = l.inputs[gather.index].clone();
    l.inputs.clear();
    let extent = l.shapes[0].extents().at(gather.axis);
    let index = match l.engine.elements(&index) {
        Elements::Int => index,
        _ => l.engine.to_int(index)?,
    };
    let mut order: Vec<_> = (0..=rank).filter(|place| *place != axis).collect();
    order.push(axis);
    let (x, index) = (
        l.engine.permute(x, &order)?,
        l.engine.permute(index, &order)?,
    );
    let mut dims = l.engine.dims(&x);
    dims.insert(rank, Dim::Size(1));
    let x = l.engine.reshape(x, &dims)?;
    let mut dims = l.engine.dims(&index);
    dims.push(Dim::Size(1));
    let index = l.engine.reshape(index, &dims)?;
    let places = l.engine.arange(extent)?;
    let places = ranked(l.engine, places, rank + 2)?;
    let chosen = l.engine.equal(index, places)?;
    let chosen = l.engine.to_float(chosen)?;
    let y = l.engine.mul(x, chosen)?;
    let y = l.engine.sum(y, &[rank + 1], false)?;
    let mut back = vec![0; rank + 1];
    for (place, axis) in order.into_iter().enumerate() {
        back[axis] = place;
    }
    Ok(l.engine.permute(y, &back)?)
}

/// Axes of 1 as long as they should be: their only slice again and again.
fn expanded<E: Engine>(l: &mut Lowering<'_, E>, x: E::Value, shape: &Shape) -> Lowered<E> {
    let x = l.channels_last(x)?;
    let own = l.shapes[0].extents();
    let more = shape.rank() - own.len();
    let extents: Vec<_> = [&vec![1; more], own.as_slice()].concat();
    let dims = l.batched(&extents);
    let mut x = l.engine.reshape(x, &dims)?;
    for (axis, (&own, &wanted)) in extents.iter().zip(shape.as_slice()).enumerate() {
        if own < wanted {
            let places = l.engine.arange(wanted)?;
            let places = l.engine.to_float(places)?;
            let first = l.engine.mul_scalar(places, 0.0)?;
            let first = l.engine.to_int(first)?;
            x = l.engine.select(x, axis + 1, first)?;
        }
    }
    Ok(l.back_from_channels_last(x)?)
}
