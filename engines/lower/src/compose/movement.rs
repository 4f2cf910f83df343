//! Elements that only move.

use shapewise_core::layer::shape_ops::Fill;

use super::{index, indices};
use crate::dims::{Dim, Elements, sizes};
use crate::engine::{Engine, Made, known};

pub(crate) fn split<E: Engine>(
    e: &mut E,
    x: E::Value,
    axis: usize,
    sizes: &[usize],
) -> Result<Vec<E::Value>, E::Error> {
    let mut parts = Vec::new();
    let mut start = 0;
    for &size in sizes {
        parts.push(e.slice(x.clone(), axis, start, start + size)?);
        start += size;
    }
    Ok(parts)
}

pub(crate) fn slices<E: Engine>(
    e: &mut E,
    x: E::Value,
    parts: &[(usize, usize, usize)],
) -> Made<E> {
    let mut x = x;
    for &(axis, start, end) in parts {
        if e.dims(&x)[axis] != Dim::Size(end - start) {
            x = e.slice(x, axis, start, end)?;
        }
    }
    Ok(x)
}

pub(crate) fn at<E: Engine>(e: &mut E, x: E::Value, axis: usize, place: usize) -> Made<E> {
    let y = e.slice(x, axis, place, place + 1)?;
    let mut dims = e.dims(&y);
    dims.remove(axis);
    e.reshape(y, &dims)
}

/// The slices at these places along an axis.
pub(crate) fn taken<E: Engine>(e: &mut E, x: E::Value, axis: usize, places: &[usize]) -> Made<E> {
    let places = e.ints(&indices(places), &[places.len()])?;
    e.select(x, axis, places)
}

pub(crate) fn pad<E: Engine>(
    e: &mut E,
    x: E::Value,
    padding: &[(usize, usize)],
    fill: Fill,
) -> Made<E> {
    if padding.iter().all(|sides| *sides == (0, 0)) {
        return Ok(x);
    }
    if let Fill::Constant(value) = fill {
        return e.pad_constant(x, padding, value);
    }
    let mut x = x;
    for (axis, &(before, after)) in padding.iter().enumerate() {
        if (before, after) == (0, 0) {
            continue;
        }
        let extent = known(e, &x)[axis];
        let places: Vec<_> = (0..before + extent + after)
            .map(|place| source(place, before, extent, fill))
            .collect();
        x = taken(e, x, axis, &places)?;
    }
    Ok(x)
}

/// Which element of an axis stands at a place after padding.
fn source(place: usize, before: usize, extent: usize, fill: Fill) -> usize {
    let last = extent - 1;
    match fill {
        Fill::Constant(_) | Fill::Replicate => place.saturating_sub(before).min(last),
        // Rounds of the extent, the first of them begun before the axis.
        Fill::Circular => (place + extent * before.div_ceil(extent) - before) % extent,
        Fill::Reflect if place < before => (before - place).min(last),
        Fill::Reflect => {
            let inside = place - before;
            match inside <= last {
                true => inside,
                false => (2 * last).saturating_sub(inside),
            }
        }
    }
}

pub(crate) fn roll<E: Engine>(e: &mut E, x: E::Value, shifts: &[(usize, usize)]) -> Made<E> {
    let mut x = x;
    for &(axis, shift) in shifts {
        let extent = known(e, &x)[axis];
        let shift = shift % extent;
        if shift == 0 {
            continue;
        }
        let cut = extent - shift;
        let start = e.slice(x.clone(), axis, 0, cut)?;
        let end = e.slice(x, axis, cut, extent)?;
        x = e.concat(vec![end, start], axis)?;
    }
    Ok(x)
}

pub(crate) fn pixel_shuffle<E: Engine>(
    e: &mut E,
    x: E::Value,
    factor: usize,
    channels_last: bool,
) -> Made<E> {
    let dims = e.dims(&x);
    let extents = known(e, &x);
    let (height, width) = (extents[2], extents[3]);
    let channels = extents[1] / factor / factor;
    // Where the channel and both places in a block are, and what they become.
    let (split, order): (_, &[usize]) = match channels_last {
        false => ([channels, factor, factor], &[0, 1, 4, 2, 5, 3]),
        true => ([factor, factor, channels], &[0, 3, 4, 1, 5, 2]),
    };
    let mut blocks = vec![dims[0]];
    blocks.extend(sizes(&split));
    blocks.extend(sizes(&[height, width]));
    let y = e.reshape(x, &blocks)?;
    let y = e.permute(y, order)?;
    let mut out = vec![dims[0]];
    out.extend(sizes(&[channels, height * factor, width * factor]));
    e.reshape(y, &out)
}

/// The body of [`Engine::pixel_unshuffle`].
///
/// # Errors
///
/// The engine's own.
pub fn pixel_unshuffle<E: Engine>(
    e: &mut E,
    x: E::Value,
    factor: usize,
    channels_last: bool,
) -> Made<E> {
    let dims = e.dims(&x);
    let extents = known(e, &x);
    let (channels, height, width) = (extents[1], extents[2] / factor, extents[3] / factor);
    let mut blocks = vec![dims[0]];
    blocks.extend(sizes(&[channels, height, factor, width, factor]));
    let y = e.reshape(x, &blocks)?;
    let order: &[usize] = match channels_last {
        false => &[0, 1, 3, 5, 2, 4],
        true => &[0, 3, 5, 1, 2, 4],
    };
    let y = e.permute(y, order)?;
    let mut out = vec![dims[0]];
    out.extend(sizes(&[channels * factor * factor, height, width]));
    e.reshape(y, &out)
}

/// The body of [`Engine::embedding`].
///
/// # Errors
///
/// The engine's own.
pub fn embedding<E: Engine>(
    e: &mut E,
    table: E::Value,
    places: E::Value,
    padding: Option<usize>,
) -> Made<E> {
    let dims = e.dims(&places);
    let features = e.dims(&table)[1];
    let places = match e.elements(&places) {
        Elements::Int => places,
        _ => e.to_int(places)?,
    };
    let all = dims
        .iter()
        .try_fold(1usize, |all, dim| all.checked_mul(dim.size()?));
    let all = all.map_or(Dim::Batch, Dim::Size);
    let list = e.reshape(places, &[all])?;
    let mut rows = e.select(table, 0, list.clone())?;
    if let (Some(padding), true) = (padding, e.tracks_gradients()) {
        let padding = e.ints(&[index(padding)], &[1])?;
        let fixed = e.equal(list, padding)?;
        let fixed = e.to_float(fixed)?;
        let fixed = e.reshape(fixed, &[all, Dim::Size(1)])?;
        // The row is there twice: once with a factor of 1 and no gradient, once
        // with a factor of 0.
        let still = e.detach(rows.clone())?;
        let still = e.mul(still, fixed.clone())?;
        let free = e.mul_scalar(fixed, -1.0)?;
        let free = e.add_scalar(free, 1.0)?;
        rows = e.mul(rows, free)?;
        rows = e.add(rows, still)?;
    }
    let out = [dims, vec![features]].concat();
    e.reshape(rows, &out)
}

pub(crate) fn arange<E: Engine>(e: &mut E, count: usize) -> Made<E> {
    let places: Vec<_> = (0..count).map(index).collect();
    e.ints(&places, &[count])
}

/// The places from 0 on as floats, along one of two axes.
pub(crate) fn places<E: Engine>(e: &mut E, count: usize, extents: [usize; 2]) -> Made<E> {
    let places = e.arange(count)?;
    let places = e.to_float(places)?;
    e.reshape(places, &sizes(&extents))
}

/// How far each key is before each query: `queries x keys` floats.
pub(crate) fn distances<E: Engine>(e: &mut E, queries: usize, keys: usize) -> Made<E> {
    let rows = places(e, queries, [queries, 1])?;
    let columns = places(e, keys, [1, keys])?;
    e.sub(rows, columns)
}
