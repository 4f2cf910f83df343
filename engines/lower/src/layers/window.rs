//! Attention within windows, as in Swin transformers.

use shapewise_core::layer::attention::{
    LocalWindow, MultiHead, Partition, PositionBias, WindowPositionBias,
};

use super::attention::multihead;
use crate::compose::attention::{distances, steps};
use crate::compose::ranked;
use crate::dims::sizes;
use crate::engine::{Engine, known};
use crate::lowering::{Lowered, Lowering, product};

/// Source: torchvision's `shifted_window_attention` and `shifted_window_attention_3d`.
pub(super) fn lower<E: Engine>(
    l: &mut Lowering<'_, E>,
    attention: &MultiHead,
    local: &LocalWindow,
) -> Lowered<E> {
    let x = l.input();
    let x = l.channels_last(x)?;
    let x = enter(l, x, local)?;
    let mut added = Vec::new();
    added.extend(position_bias(l, local)?);
    added.extend(mask(l, local)?);
    let y = multihead(l, attention, [x.clone(), x.clone(), x], added)?;
    let spatial = l.shapes[0].spatial();
    let y = leave(l, y, local, spatial.as_slice())?;
    Ok(l.back_from_channels_last(y)?)
}

/// The bias as a layer of its own, for all samples the same.
pub(super) fn bias<E: Engine>(l: &mut Lowering<'_, E>, layer: &WindowPositionBias) -> Lowered<E> {
    let like = l.inputs[0].clone();
    let Some(bias) = position_bias(l, &layer.window)? else {
        return Err(crate::error::Fault::Overflow);
    };
    let bias = ranked(l.engine, bias, 4)?;
    let bias = l.engine.per_sample(bias, &like)?;
    Ok(l.back_from_channels_last(bias)?)
}

/// The windows of a value whose channels are last, padded and shifted: behind the samples,
/// in front of their positions.
pub(super) fn enter<E: Engine>(
    l: &mut Lowering<'_, E>,
    x: E::Value,
    local: &LocalWindow,
) -> Lowered<E> {
    let axes = local.used.len();
    let dims = known(l.engine, &x);
    let mut padding = vec![(0, 0); axes + 2];
    for axis in 0..axes {
        padding[axis + 1].1 = local.padded.at(axis) - dims[axis + 1];
    }
    let mut x = x;
    if padding.iter().any(|sides| *sides != (0, 0)) {
        x = l.engine.pad_constant(x, &padding, 0.0)?;
    }
    if is_shifted(local) {
        // Towards the start: what leaves there comes back at the end.
        let back: Vec<_> = (0..axes)
            .map(|axis| (axis + 1, local.padded.at(axis) - local.shift.at(axis)))
            .collect();
        x = l.engine.roll(x, &back)?;
    }
    partition(l, x, local)
}

/// The opposite of [`enter`].
pub(super) fn leave<E: Engine>(
    l: &mut Lowering<'_, E>,
    y: E::Value,
    local: &LocalWindow,
    spatial: &[usize],
) -> Lowered<E> {
    let mut y = merge(l, y, local)?;
    if is_shifted(local) {
        let shift: Vec<_> = (0..local.used.len())
            .map(|axis| (axis + 1, local.shift.at(axis)))
            .collect();
        y = l.engine.roll(y, &shift)?;
    }
    let parts: Vec<_> = spatial
        .iter()
        .enumerate()
        .map(|(axis, &extent)| (axis + 1, 0, extent))
        .collect();
    Ok(l.engine.slices(y, &parts)?)
}

fn is_shifted(local: &LocalWindow) -> bool {
    local.shift.as_slice().iter().any(|&shift| shift > 0)
}

fn windows(local: &LocalWindow, axis: usize) -> usize {
    local.padded.at(axis) / local.used.at(axis)
}

/// An axis of the input as windows and the positions in each, in the order in which they lie.
fn halves(local: &LocalWindow, axis: usize) -> [usize; 2] {
    match local.partition {
        Partition::Window => [windows(local, axis), local.used.at(axis)],
        Partition::Grid => [local.used.at(axis), windows(local, axis)],
    }
}

/// Where the windows of each axis stand among these halves, and then their positions.
fn order(local: &LocalWindow) -> Vec<usize> {
    let axes = local.used.len();
    let (window, position) = match local.partition {
        Partition::Window => (1, 2),
        Partition::Grid => (2, 1),
    };
    let mut order = vec![0];
    order.extend((0..axes).map(|axis| window + 2 * axis));
    order.extend((0..axes).map(|axis| position + 2 * axis));
    order.push(2 * axes + 1);
    order
}

/// The windows as an axis of their own in front of their positions.
fn partition<E: Engine>(l: &mut Lowering<'_, E>, x: E::Value, local: &LocalWindow) -> Lowered<E> {
    let axes = local.used.len();
    let features = known(l.engine, &x)[axes + 1];
    let mut split: Vec<_> = (0..axes).flat_map(|axis| halves(local, axis)).collect();
    split.push(features);
    let dims = l.batched(&split);
    let x = l.engine.reshape(x, &dims)?;
    let x = l.engine.permute(x, &order(local))?;
    let grid: Vec<_> = (0..axes).map(|axis| windows(local, axis)).collect();
    let (count, positions) = (product::<E>(&grid)?, product::<E>(local.used.as_slice())?);
    let dims = l.batched(&[count, positions, features]);
    Ok(l.engine.reshape(x, &dims)?)
}

/// The opposite of [`partition`].
fn merge<E: Engine>(l: &mut Lowering<'_, E>, y: E::Value, local: &LocalWindow) -> Lowered<E> {
    let axes = local.used.len();
    let features = known(l.engine, &y)[3];
    let split: Vec<_> = (0..axes)
        .map(|axis| windows(local, axis))
        .chain(local.used.as_slice().iter().copied())
        .chain([features])
        .collect();
    let dims = l.batched(&split);
    let y = l.engine.reshape(y, &dims)?;
    let there = order(local);
    let mut back = vec![0; there.len()];
    for (place, &from) in there.iter().enumerate() {
        back[from] = place;
    }
    let y = l.engine.permute(y, &back)?;
    let whole = [local.padded.as_slice(), &[features]].concat();
    let dims = l.batched(&whole);
    Ok(l.engine.reshape(y, &dims)?)
}

/// The learned bias of every head for each pair of positions, `heads x positions x positions`. The
/// index, a buffer in PyTorch, follows from the window, as do the distances.
fn position_bias<E: Engine>(
    l: &mut Lowering<'_, E>,
    local: &LocalWindow,
) -> Lowered<E, Option<E::Value>> {
    let table = match local.position_bias {
        PositionBias::None => return Ok(None),
        PositionBias::Table => l.weight("relative_position_bias_table")?,
        PositionBias::Continuous => continuous(l, local)?,
    };
    let bias = l.engine.relative_position_bias(table, local)?;
    Ok(Some(l.engine.permute(bias, &[2, 0, 1])?))
}

/// The table that two linear layers make of the distances, a row for each.
///
/// Source: torchvision's `ShiftedWindowAttentionV2.get_relative_position_bias`.
fn continuous<E: Engine>(l: &mut Lowering<'_, E>, local: &LocalWindow) -> Lowered<E> {
    let extents: Vec<_> = steps(local);
    let mut parts = Vec::new();
    for (axis, &extent) in extents.iter().enumerate() {
        // Along each axis a short list, the same on the others.
        let mut dims = vec![1; extents.len() + 1];
        dims[axis] = extent;
        let along = l.engine.floats(&distances(local, axis), &dims)?;
        let whole = [&extents[..], &[1]].concat();
        let zeros = l.engine.full(&whole, 0.0)?;
        parts.push(l.engine.add(zeros, along)?);
    }
    let x = l.engine.concat(parts, extents.len())?;
    let count = product::<E>(&extents)?;
    let x = l.engine.reshape(x, &sizes(&[count, extents.len()]))?;
    let (weight, bias) = (l.weight("cpb_mlp.0.weight")?, l.weight("cpb_mlp.0.bias")?);
    let y = l.engine.linear(x, weight, Some(bias))?;
    let y = l.engine.relu(y)?;
    let weight = l.weight("cpb_mlp.2.weight")?;
    let y = l.engine.linear(y, weight, None)?;
    let y = l.engine.sigmoid(y)?;
    Ok(l.engine.mul_scalar(y, 16.0)?)
}

/// -100 for pairs of positions that only the shift brought together; nothing where nothing is shifted.
pub(super) fn mask<E: Engine>(
    l: &mut Lowering<'_, E>,
    local: &LocalWindow,
) -> Lowered<E, Option<E::Value>> {
    match is_shifted(local) {
        true => Ok(Some(l.engine.shifted_window_mask(local)?)),
        false => Ok(None),
    }
}
