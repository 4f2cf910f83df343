//! Products with weights, and of attention.

use super::{index, ranked, swapped};
use crate::dims::Dim;
use crate::engine::{Engine, Made};

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
    let dims = crate::engine::known(e, &q);
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
