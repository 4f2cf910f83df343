//! Attention within windows, as in Swin transformers.

use shapewise_core::layer::attention::{LocalWindow, MultiHead};

use super::attention::multihead;
use super::shape_ops::rolled;
use crate::Error;
use crate::layer::Said;
use crate::value::{Elements, Value, batched, sizes};

/// Source: torchvision's `shifted_window_attention` and `shifted_window_attention_3d`.
pub(super) fn say(
    said: &mut Said<'_>,
    attention: &MultiHead,
    local: &LocalWindow,
) -> Result<Value, Error> {
    let axes = local.used.len();
    let x = said.input();
    let x = said.builder.channels_last(&x)?;
    let spatial: Vec<_> = (0..axes).map(|axis| x.size(axis + 1)).collect();
    let around: Vec<_> = (0..axes)
        .map(|axis| (axis + 1, 0, local.padded.at(axis) - spatial[axis]))
        .collect();
    let shift: Vec<_> = (0..axes)
        .map(|axis| (axis + 1, local.shift.at(axis)))
        .collect();
    let x = said.builder.pad(&x, &around, "constant", 0.0)?;
    let x = rolled(said, &x, &shift, true)?;
    let x = partition(said, &x, local)?;
    let mut added = Vec::new();
    if let Some(bias) = position_bias(said, attention, local)? {
        added.push(bias);
    }
    if shift.iter().any(|&(_, shift)| shift > 0) {
        added.push(mask(said, attention, local)?);
    }
    let y = multihead(said, attention, &[x.clone(), x.clone(), x], &added)?;
    let y = merge(said, &y, local)?;
    let y = rolled(said, &y, &shift, false)?;
    let parts: Vec<_> = (0..axes).map(|axis| (axis + 1, 0, spatial[axis])).collect();
    let y = said.builder.slices(&y, &parts)?;
    said.builder.back_from_channels_last(&y)
}

fn windows(local: &LocalWindow, axis: usize) -> usize {
    local.padded.at(axis) / local.used.at(axis)
}

fn product(extents: impl Iterator<Item = usize>) -> Result<usize, Error> {
    let mut extents = extents;
    extents
        .try_fold(1usize, |product, extent| product.checked_mul(extent))
        .ok_or(Error::Overflow)
}

/// The windows as an axis of their own in front of their positions.
fn partition(said: &mut Said<'_>, x: &Value, local: &LocalWindow) -> Result<Value, Error> {
    let axes = local.used.len();
    let features = x.size(axes + 1);
    let mut split = Vec::new();
    for axis in 0..axes {
        split.extend([windows(local, axis), local.used.at(axis)]);
    }
    split.push(features);
    let x = said.builder.reshape(x, batched(&split))?;
    let order: Vec<_> = [0]
        .into_iter()
        .chain((0..axes).map(|axis| 1 + 2 * axis))
        .chain((0..axes).map(|axis| 2 + 2 * axis))
        .chain([2 * axes + 1])
        .collect();
    let x = said.builder.transpose(&x, &order)?;
    let count = product((0..axes).map(|axis| windows(local, axis)))?;
    let positions = product((0..axes).map(|axis| local.used.at(axis)))?;
    said.builder
        .reshape(&x, batched(&[count, positions, features]))
}

/// The opposite of [`partition`].
fn merge(said: &mut Said<'_>, y: &Value, local: &LocalWindow) -> Result<Value, Error> {
    let axes = local.used.len();
    let features = y.size(3);
    let split: Vec<_> = (0..axes)
        .map(|axis| windows(local, axis))
        .chain(local.used.as_slice().iter().copied())
        .chain([features])
        .collect();
    let y = said.builder.reshape(y, batched(&split))?;
    let mut order = vec![0];
    for axis in 0..axes {
        order.extend([1 + axis, 1 + axes + axis]);
    }
    order.push(2 * axes + 1);
    let y = said.builder.transpose(&y, &order)?;
    let whole: Vec<_> = local
        .padded
        .as_slice()
        .iter()
        .copied()
        .chain([features])
        .collect();
    said.builder.reshape(&y, batched(&whole))
}

/// The learned bias of every head for each pair of positions. The index, a buffer
/// in PyTorch, follows from the window and is calculated in the model: it has a
/// number for each pair.
fn position_bias(
    said: &mut Said<'_>,
    attention: &MultiHead,
    local: &LocalWindow,
) -> Result<Option<Value>, Error> {
    let Some(table) = said.tensor("relative_position_bias_table")? else {
        return Ok(None);
    };
    let size = local.size.as_slice();
    // A volume's window that shrank takes the first positions of the whole one.
    let positions = product(local.used.as_slice().iter().copied())?;
    let all = said.builder.range(positions, 1)?;
    // The entry of a query and a key is the sum over the axes of their distance,
    // made positive, times the rows that each step takes in the table: the
    // difference of what each contributes.
    let (mut parts, mut most) = (Vec::new(), 0usize);
    for axis in 0..size.len() {
        let inner = said
            .builder
            .integer(product(size[axis + 1..].iter().copied())?)?;
        let extent = said.builder.integer(size[axis])?;
        let rows = product(size[axis + 1..].iter().map(|extent| 2 * extent - 1))?;
        most = (size[axis] - 1)
            .checked_mul(rows)
            .and_then(|more| most.checked_add(more))
            .ok_or(Error::Overflow)?;
        let rows = said.builder.integer(rows)?;
        let place = said.builder.binary("Div", &all, &inner);
        let place = said.builder.binary("Mod", &place, &extent);
        parts.push(said.builder.binary("Mul", &place, &rows));
    }
    let keys = said.builder.sum(&parts);
    let most = said.builder.integer(most)?;
    let queries = said.builder.binary("Add", &keys, &most);
    let queries = said.builder.reshape(&queries, sizes(&[positions, 1]))?;
    let index = said.builder.binary("Sub", &queries, &keys);
    let bias = said.builder.gather(&table, &index, 0)?;
    let bias = said.builder.transpose(&bias, &[2, 0, 1])?;
    let each = attention.heads / attention.kv_heads;
    if each == 1 {
        return Ok(Some(bias));
    }
    let dims = sizes(&[attention.kv_heads, each, positions, positions]);
    Ok(Some(said.builder.reshape(&bias, dims)?))
}

/// -100 for pairs of positions that only the shift brought together.
fn mask(said: &mut Said<'_>, attention: &MultiHead, local: &LocalWindow) -> Result<Value, Error> {
    let count = product((0..local.used.len()).map(|axis| windows(local, axis)))?;
    let positions = product(local.used.as_slice().iter().copied())?;
    let regions = regions(said, local)?;
    let heads = if attention.heads == attention.kv_heads {
        1
    } else {
        2
    };
    let lead = [&[count][..], &vec![1; heads]].concat();
    let with = |last: [usize; 2]| sizes(&[&lead[..], &last].concat());
    let rows = said.builder.reshape(&regions, with([positions, 1]))?;
    let columns = said.builder.reshape(&regions, with([1, positions]))?;
    let same = said.builder.compare("Equal", &rows, &columns);
    let (together, apart) = (said.builder.number(0.0), said.builder.number(-100.0));
    Ok(said.builder.choose(&same, &together, &apart))
}

/// The region of every position of every window, calculated in the model. Along an
/// axis, what the shift moved to the end is another region than the rest.
fn regions(said: &mut Said<'_>, local: &LocalWindow) -> Result<Value, Error> {
    let axes = local.used.len();
    let mut parts = Vec::new();
    for axis in (0..axes).filter(|&axis| local.shift.at(axis) > 0) {
        let all = said.builder.range(local.padded.at(axis), 1)?;
        let end = local.padded.at(axis).saturating_sub(local.shift.at(axis));
        let end = said.builder.integer(end)?;
        let moved = said.builder.compare("GreaterOrEqual", &all, &end);
        let moved = said.builder.cast(&moved, Elements::Indices);
        let weight = said.builder.integer(1 << axis)?;
        let region = said.builder.binary("Mul", &moved, &weight);
        // Windows along every axis, then the positions in them.
        let mut extents = vec![1; 2 * axes];
        extents[axis] = windows(local, axis);
        extents[axes + axis] = local.used.at(axis);
        parts.push(said.builder.reshape(&region, sizes(&extents))?);
    }
    let regions = said.builder.sum(&parts);
    let whole: Vec<_> = (0..axes)
        .map(|axis| windows(local, axis))
        .chain(local.used.as_slice().iter().copied())
        .collect();
    said.builder.expand(&regions, &whole)
}
