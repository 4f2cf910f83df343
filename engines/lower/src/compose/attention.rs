//! Products with weights, and of attention.

use shapewise_core::layer::attention::LocalWindow;

use super::movement::taken;
use super::{index, ranked, swapped, zeros_like};
use crate::dims::{Dim, sizes};
use crate::engine::{Engine, Made, known};

pub(crate) fn linear<E: Engine>(
    e: &mut E,
    x: E::Value,
    weight: E::Value,
    bias: Option<E::Value>,
) -> Made<E> {
    let dims = e.dims(&x);
    let weight_dims = e.dims(&weight);
    let weight = e.permute(weight, &[1, 0])?;
    // All positions as rows of one matrix, where that is known to be possible.
    let rows = dims[..dims.len() - 1]
        .iter()
        .try_fold(1usize, |rows, dim| rows.checked_mul(dim.size()?));
    let y = match rows {
        Some(rows) if dims.len() != 2 => {
            let x = e.reshape(x, &[Dim::Size(rows), dims[dims.len() - 1]])?;
            let y = e.matmul(x, weight)?;
            let mut out = dims.clone();
            out[dims.len() - 1] = weight_dims[0];
            e.reshape(y, &out)?
        }
        _ => {
            let weight = ranked(e, weight, dims.len())?;
            e.matmul(x, weight)?
        }
    };
    match bias {
        Some(bias) => {
            let bias = ranked(e, bias, dims.len())?;
            e.add(y, bias)
        }
        None => Ok(y),
    }
}

pub(crate) fn scaled_dot_product_attention<E: Engine>(
    e: &mut E,
    [q, k, v]: [E::Value; 3],
    mask: Option<E::Value>,
    dropout: f64,
) -> Made<E> {
    let dims = known(e, &q);
    let rank = dims.len();
    #[expect(clippy::cast_precision_loss, reason = "a factor in floating point")]
    let scale = 1.0 / (dims[rank - 1] as f64).sqrt();
    let q = e.mul_scalar(q, scale)?;
    let k = swapped(e, k, rank - 2, rank - 1)?;
    let mut scores = e.matmul(q, k)?;
    if let Some(mask) = mask {
        scores = e.add(scores, mask)?;
    }
    let mut shares = e.softmax(scores, rank - 1)?;
    if dropout > 0.0 {
        shares = e.dropout(shares, dropout)?;
    }
    e.matmul(shares, v)
}

/// Positions are compared in the engine: as a constant the mask would take
/// `queries*keys` numbers.
pub(crate) fn causal_mask<E: Engine>(
    e: &mut E,
    queries: usize,
    keys: usize,
    seen: usize,
) -> Made<E> {
    let rows: Vec<_> = (0..queries).map(index).collect();
    let columns = (0..keys).map(index).chain((0..seen).map(|_| 0));
    let columns: Vec<_> = columns.collect();
    let extents = [queries, columns.len()];
    let rows = e.ints(&rows, &[queries, 1])?;
    let columns = e.ints(&columns, &[1, extents[1]])?;
    let later = e.greater(columns, rows)?;
    let hidden = e.full(&extents, f64::NEG_INFINITY)?;
    let shown = e.full(&extents, 0.0)?;
    e.where_cond(later, hidden, shown)
}

/// Places are compared in the engine; what is not shown is replaced, since 0 times what is
/// infinite is no number.
pub(crate) fn triangle<E: Engine>(e: &mut E, x: E::Value, diagonal: i64, upper: bool) -> Made<E> {
    let dims = known(e, &x);
    let rank = dims.len();
    let (rows, columns) = (dims[rank - 2], dims[rank - 1]);
    let along = |axis: usize, count: usize| {
        let mut extents = vec![1; rank];
        extents[axis] = count;
        extents
    };
    let starts: Vec<_> = (0..rows)
        .map(|row| index(row).saturating_add(diagonal))
        .collect();
    let starts = e.ints(&starts, &along(rank - 2, rows))?;
    let places: Vec<_> = (0..columns).map(index).collect();
    let places = e.ints(&places, &along(rank - 1, columns))?;
    let hidden = match upper {
        true => e.greater(starts, places)?,
        false => e.greater(places, starts)?,
    };
    let hidden = e.to_float(hidden)?;
    let zeros = zeros_like(e, x.clone())?;
    let hidden = e.add(zeros.clone(), hidden)?;
    let hidden = e.greater_scalar(hidden, 0.5)?;
    e.where_cond(hidden, zeros, x)
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

/// Which entry of the table each pair of the first positions of a window has, the
/// window being laid out as one of these extents.
pub(crate) fn relative_positions(local: &LocalWindow, used: &[usize]) -> Vec<i64> {
    let size = local.size.as_slice();
    // A volume's window that shrank takes the first positions of the whole one.
    let positions: usize = used.iter().product();
    let mut entries = Vec::new();
    for query in 0..positions {
        for key in 0..positions {
            let (query, key) = (places(size, query), places(size, key));
            let mut entry = 0;
            for ((extent, query), key) in size.iter().zip(query).zip(key) {
                entry = entry * (2 * extent - 1) + (query + extent - 1 - key);
            }
            entries.push(index(entry));
        }
    }
    entries
}

/// How many distances two positions of a window can have along each axis.
pub(crate) fn steps(local: &LocalWindow) -> Vec<usize> {
    let extents = local.size.as_slice().iter();
    extents.map(|extent| 2 * extent - 1).collect()
}

/// The distances of two positions of a window along an axis: their share of the window that they are
/// measured by, 8 at most, in logarithms.
///
/// Source: torchvision's `ShiftedWindowAttentionV2.define_relative_position_bias_table`.
pub(crate) fn distances(local: &LocalWindow, axis: usize) -> Vec<f64> {
    let (size, scale) = (local.size.at(axis), local.scale.at(axis));
    let share = |place: usize| {
        // In single precision, as PyTorch calculates them.
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let (distance, scale) = (place as f32 - (size - 1) as f32, (scale - 1).max(1) as f32);
        let share = distance / scale * 8.0;
        f64::from(share.signum() * (share.abs() + 1.0).log2() / 3.0)
    };
    (0..2 * size - 1).map(share).collect()
}

/// [`distances`] of all axes, row by row as a table has them.
pub(crate) fn distance_table(local: &LocalWindow) -> Vec<f64> {
    let extents = steps(local);
    let along: Vec<_> = (0..extents.len())
        .map(|axis| distances(local, axis))
        .collect();
    let rows = 0..extents.iter().product();
    rows.flat_map(|row| places(&extents, row).into_iter().enumerate())
        .map(|(axis, place)| along[axis][place])
        .collect()
}

/// The index is a buffer in PyTorch; it follows from the window.
pub(crate) fn relative_position_bias<E: Engine>(
    e: &mut E,
    table: E::Value,
    local: &LocalWindow,
) -> Made<E> {
    let used = local.used.as_slice();
    let entries = relative_positions(local, used);
    let entries: Vec<_> = entries
        .iter()
        .filter_map(|&entry| usize::try_from(entry).ok())
        .collect();
    let positions: usize = used.iter().product();
    let heads = known(e, &table)[1];
    let bias = taken(e, table, 0, &entries)?;
    e.reshape(bias, &sizes(&[positions, positions, heads]))
}

/// Regions of positions, not of pairs, are constants: those are compared in the engine.
pub(crate) fn shifted_window_mask<E: Engine>(e: &mut E, local: &LocalWindow) -> Made<E> {
    let (axes, used) = (local.used.len(), local.used.as_slice());
    let grid: Vec<_> = (0..axes)
        .map(|axis| local.padded.at(axis) / used[axis])
        .collect();
    let count: usize = grid.iter().product();
    let positions: usize = used.iter().product();
    let mut regions = Vec::new();
    for window in 0..count {
        let window = places(&grid, window);
        for position in 0..positions {
            let position = places(used, position);
            let mut region = 0;
            for axis in 0..axes {
                let shift = local.shift.at(axis);
                let place = window[axis] * used[axis] + position[axis];
                // Only the last window of an axis has positions of both ends.
                let moved = shift > 0 && place >= local.padded.at(axis) - shift;
                region = region * 2 + i64::from(moved);
            }
            regions.push(region);
        }
    }
    let rows = e.ints(&regions, &[count, 1, positions, 1])?;
    let columns = e.ints(&regions, &[count, 1, 1, positions])?;
    let together = e.equal(rows, columns)?;
    let extents = [count, 1, positions, positions];
    let zero = e.full(&extents, 0.0)?;
    let apart = e.full(&extents, -100.0)?;
    e.where_cond(together, zero, apart)
}
