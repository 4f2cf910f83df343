//! Attention within windows, as in Swin transformers.

use shapewise_core::layer::attention::{LocalWindow, MultiHead};

use super::attention::multihead;
use crate::dims::{Dim, sizes};
use crate::engine::{Engine, known};
use crate::lowering::{Lowered, Lowering, product};

/// Source: torchvision's `shifted_window_attention` and `shifted_window_attention_3d`.
pub(super) fn lower<E: Engine>(
    l: &mut Lowering<'_, E>,
    attention: &MultiHead,
    local: &LocalWindow,
) -> Lowered<E> {
    let axes = local.used.len();
    let x = l.input();
    let x = l.channels_last(x)?;
    let spatial = known(l.engine, &x)[1..=axes].to_vec();
    let mut padding = vec![(0, 0); axes + 2];
    for axis in 0..axes {
        padding[axis + 1].1 = local.padded.at(axis) - spatial[axis];
    }
    let mut x = x;
    if padding.iter().any(|sides| *sides != (0, 0)) {
        x = l.engine.pad_constant(x, &padding, 0.0)?;
    }
    let shift: Vec<_> = (0..axes)
        .map(|axis| (axis + 1, local.shift.at(axis)))
        .collect();
    // Towards the start: what leaves there comes back at the end.
    let back: Vec<_> = shift
        .iter()
        .map(|&(axis, shift)| (axis, local.padded.at(axis - 1) - shift))
        .collect();
    let x = l.engine.roll(x, &back)?;
    let x = partition(l, x, local)?;
    let mut added = Vec::new();
    if let Some(bias) = position_bias(l, attention, local)? {
        added.push(bias);
    }
    if shift.iter().any(|&(_, shift)| shift > 0) {
        added.push(mask(l, attention, local)?);
    }
    let y = multihead(l, attention, [x.clone(), x.clone(), x], added)?;
    let y = merge(l, y, local)?;
    let y = l.engine.roll(y, &shift)?;
    let parts: Vec<_> = spatial
        .iter()
        .enumerate()
        .map(|(axis, &extent)| (axis + 1, 0, extent))
        .collect();
    let y = l.engine.slices(y, &parts)?;
    Ok(l.back_from_channels_last(y)?)
}

fn windows(local: &LocalWindow, axis: usize) -> usize {
    local.padded.at(axis) / local.used.at(axis)
}

/// The windows as an axis of their own in front of their positions.
fn partition<E: Engine>(l: &mut Lowering<'_, E>, x: E::Value, local: &LocalWindow) -> Lowered<E> {
    let axes = local.used.len();
    let features = known(l.engine, &x)[axes + 1];
    let mut split = Vec::new();
    for axis in 0..axes {
        split.extend([windows(local, axis), local.used.at(axis)]);
    }
    split.push(features);
    let dims = l.batched(&split);
    let x = l.engine.reshape(x, &dims)?;
    let order: Vec<_> = [0]
        .into_iter()
        .chain((0..axes).map(|axis| 1 + 2 * axis))
        .chain((0..axes).map(|axis| 2 + 2 * axis))
        .chain([2 * axes + 1])
        .collect();
    let x = l.engine.permute(x, &order)?;
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
    let mut order = vec![0];
    for axis in 0..axes {
        order.extend([1 + axis, 1 + axes + axis]);
    }
    order.push(2 * axes + 1);
    let y = l.engine.permute(y, &order)?;
    let whole = [local.padded.as_slice(), &[features]].concat();
    let dims = l.batched(&whole);
    Ok(l.engine.reshape(y, &dims)?)
}

/// The learned bias of every head for each pair of positions. The index, a buffer
/// in PyTorch, follows from the window.
fn position_bias<E: Engine>(
    l: &mut Lowering<'_, E>,
    attention: &MultiHead,
    local: &LocalWindow,
) -> Lowered<E, Option<E::Value>> {
    let Some(table) = l.tensor("relative_position_bias_table")? else {
        return Ok(None);
    };
    let positions = product::<E>(local.used.as_slice())?;
    let bias = l.engine.relative_position_bias(table, local)?;
    let bias = l.engine.permute(bias, &[2, 0, 1])?;
    let each = attention.heads / attention.kv_heads;
    if each == 1 {
        return Ok(Some(bias));
    }
    let dims = sizes(&[attention.kv_heads, each, positions, positions]);
    Ok(Some(l.engine.reshape(bias, &dims)?))
}

/// -100 for pairs of positions that only the shift brought together.
fn mask<E: Engine>(
    l: &mut Lowering<'_, E>,
    attention: &MultiHead,
    local: &LocalWindow,
) -> Lowered<E> {
    let mask = l.engine.shifted_window_mask(local)?;
    if attention.heads == attention.kv_heads {
        return Ok(mask);
    }
    // The heads are two axes.
    let mut dims = l.engine.dims(&mask);
    dims.insert(1, Dim::Size(1));
    Ok(l.engine.reshape(mask, &dims)?)
}
