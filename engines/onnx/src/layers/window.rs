//! Attention within windows, as in Swin transformers.

use shapewise_core::layer::attention::{LocalWindow, MultiHead};

use super::attention::multihead;
use super::shape_ops::rolled;
use crate::Error;
use crate::layer::Said;
use crate::value::{Dim, Elements, Value, batched, int, sizes};

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

/// The places along each axis of the `index`th position of these extents.
fn places(extents: &[usize], mut index: usize) -> Vec<usize> {
    let mut places = vec![0; extents.len()];
    for (place, extent) in places.iter_mut().zip(extents).rev() {
        *place = index % extent;
        index /= extent;
    }
    places
}

/// The learned bias of every head for each pair of positions. The index, a buffer
/// in PyTorch, follows from the window and is a constant here.
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
    let mut index = Vec::new();
    for query in 0..positions {
        for key in 0..positions {
            let (query, key) = (places(size, query), places(size, key));
            let mut entry = 0;
            for ((extent, query), key) in size.iter().zip(query).zip(key) {
                entry = entry * (2 * extent - 1) + (query + extent - 1 - key);
            }
            index.push(int(entry)?);
        }
    }
    let index = said.builder.indices(&index, &[positions, positions]);
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
    let axes = local.used.len();
    let grid: Vec<_> = (0..axes).map(|axis| windows(local, axis)).collect();
    let count = product(grid.iter().copied())?;
    let positions = product(local.used.as_slice().iter().copied())?;
    let mut regions = Vec::new();
    for window in 0..count {
        let window = places(&grid, window);
        for position in 0..positions {
            let position = places(local.used.as_slice(), position);
            let mut region = 0;
            for axis in 0..axes {
                let shift = local.shift.at(axis);
                let place = window[axis] * local.used.at(axis) + position[axis];
                let end = local.padded.at(axis);
                // Only the last window of an axis has positions of both ends.
                let moved = shift > 0 && place >= end - shift;
                region = region * 2 + i64::from(moved);
            }
            regions.push(region);
        }
    }
    // Regions of positions, not pairs: those are compared in the model.
    let heads = if attention.heads == attention.kv_heads {
        1
    } else {
        2
    };
    let lead = [&[count][..], &vec![1; heads]].concat();
    let rows = said
        .builder
        .indices(&regions, &[&lead[..], &[positions, 1]].concat());
    let columns = said
        .builder
        .indices(&regions, &[&lead[..], &[1, positions]].concat());
    let dims = [sizes(&lead), vec![Dim::Size(positions); 2]].concat();
    let same = said
        .builder
        .node_with(
            "Equal",
            &[Some(&rows), Some(&columns)],
            vec![],
            &[(Elements::Truths, dims.clone())],
        )
        .remove(0);
    let (together, apart) = (said.builder.number(0.0), said.builder.number(-100.0));
    let inputs = [Some(&same), Some(&together), Some(&apart)];
    Ok(said
        .builder
        .node_with("Where", &inputs, vec![], &[(Elements::Numbers, dims)])
        .remove(0))
}
