//! What is done with the scores of attention.

use shapewise_core::layer::attention::RelativePositionBias;
use shapewise_core::layer::embedding::RelativePositions;

use super::movement::{distances, places};
use super::{index, swapped};
use crate::dims::{Dim, sizes};
use crate::engine::{Engine, Made, known};

/// Minus infinity where a number is above another, else 0.
fn hidden_above<E: Engine>(e: &mut E, x: E::Value, most: f64) -> Made<E> {
    let extents = known(e, &x);
    let hidden = e.greater_scalar(x, most)?;
    let (out, zero) = (e.full(&extents, f64::NEG_INFINITY)?, e.full(&extents, 0.0)?);
    e.where_cond(hidden, out, zero)
}

/// What keeps queries from seeing keys that are as far as the window or further: before them,
/// and with `both` behind them too.
pub(crate) fn sliding<E: Engine>(
    e: &mut E,
    [queries, keys]: [usize; 2],
    window: usize,
    both: bool,
) -> Made<E> {
    let mut back = distances(e, queries, keys)?;
    if both {
        back = e.abs(back)?;
    }
    #[expect(clippy::cast_precision_loss, reason = "a distance in floating point")]
    hidden_above(e, back, window as f64 - 0.5)
}

/// What keeps queries from seeing keys of other chunks than theirs.
pub(crate) fn chunks<E: Engine>(e: &mut E, [queries, keys]: [usize; 2], chunk: usize) -> Made<E> {
    let extents = [queries, keys];
    let mut of = |count, shape| {
        let places = places(e, count, shape)?;
        // The middle of a place is never at the edge of a chunk.
        let middle = e.add_scalar(places, 0.5)?;
        #[expect(clippy::cast_precision_loss, reason = "an extent in floating point")]
        let middle = e.mul_scalar(middle, 1.0 / chunk as f64)?;
        e.to_int(middle)
    };
    let (rows, columns) = (of(queries, [queries, 1])?, of(keys, [1, keys])?);
    let same = e.equal(rows, columns)?;
    let (zero, out) = (e.full(&extents, 0.0)?, e.full(&extents, f64::NEG_INFINITY)?);
    e.where_cond(same, zero, out)
}

/// The slopes of so many heads. Source: Press et al. 2021, section 3.
fn slopes(heads: usize) -> Vec<f64> {
    #[expect(clippy::cast_precision_loss, reason = "few heads")]
    let powers = |count: usize, step: usize, take: usize| {
        let places = (1..=count).step_by(step).take(take);
        places
            .map(|place| (-8.0 * place as f64 / count as f64).exp2())
            .collect::<Vec<_>>()
    };
    // Of a power of two, and every other one of the next.
    let whole = match heads.is_power_of_two() {
        true => heads,
        false => heads.next_power_of_two() / 2,
    };
    let mut slopes = powers(whole, 1, whole);
    slopes.extend(powers(2 * whole, 2, heads - whole));
    slopes
}

/// What lessens scores with the distance: `heads x queries x keys`.
pub(crate) fn alibi<E: Engine>(e: &mut E, [queries, keys]: [usize; 2], heads: usize) -> Made<E> {
    let far = distances(e, queries, keys)?;
    let far = e.abs(far)?;
    let far = e.reshape(far, &sizes(&[1, queries, keys]))?;
    let slopes: Vec<_> = slopes(heads).into_iter().map(|slope| -slope).collect();
    let slopes = e.floats(&slopes, &[heads, 1, 1])?;
    e.mul(far, slopes)
}

/// Attention with what engines have no kernel for: scores that are capped, and sinks, a score for
/// each head of a key without a value.
pub(crate) fn attention<E: Engine>(
    e: &mut E,
    [q, k, v]: [E::Value; 3],
    mask: Option<E::Value>,
    softcap: Option<f64>,
    sinks: Option<E::Value>,
    dropout: f64,
) -> Made<E> {
    let extents = known(e, &q);
    let rank = extents.len();
    #[expect(clippy::cast_precision_loss, reason = "a factor in floating point")]
    let scale = 1.0 / (extents[rank - 1] as f64).sqrt();
    let q = e.mul_scalar(q, scale)?;
    let k = swapped(e, k, rank - 2, rank - 1)?;
    let mut scores = e.matmul(q, k)?;
    if let Some(cap) = softcap {
        scores = capped(e, scores, cap)?;
    }
    if let Some(mask) = mask {
        scores = e.add(scores, mask)?;
    }
    let keys = known(e, &scores)[rank - 1];
    let mut shares = match sinks {
        None => e.softmax(scores, rank - 1)?,
        Some(sinks) => {
            // One column more, which is as long as there are queries.
            let mut column = vec![1; rank];
            column[rank - 2] = extents[rank - 2];
            let column = e.full(&column, 0.0)?;
            let sinks = e.add(sinks, column)?;
            let scores = e.concat(vec![scores, sinks], rank - 1)?;
            let shares = e.softmax(scores, rank - 1)?;
            e.slice(shares, rank - 1, 0, keys)?
        }
    };
    if dropout > 0.0 {
        shares = e.dropout(shares, dropout)?;
    }
    e.matmul(shares, v)
}

/// `cap * tanh(x / cap)`.
pub(crate) fn capped<E: Engine>(e: &mut E, x: E::Value, cap: f64) -> Made<E> {
    let x = e.mul_scalar(x, 1.0 / cap)?;
    let x = e.tanh(x)?;
    e.mul_scalar(x, cap)
}

/// The bucket of a distance to one side. Source: `transformers`' `T5Attention`, which calculates
/// in single precision.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "as it is calculated there"
)]
fn bucket(layer: &RelativePositionBias, distance: usize) -> usize {
    let (exact, side) = (layer.exact(), layer.side());
    if distance < exact {
        return distance;
    }
    let far = (distance as f32 / exact as f32).ln();
    let whole = (layer.max_distance as f64 / exact as f64).ln() as f32;
    let more = (far / whole * (side - exact) as f32) as usize;
    (exact + more).min(side - 1)
}

/// The least distance of each bucket but the first.
fn thresholds(layer: &RelativePositionBias) -> Vec<i64> {
    let mut thresholds = Vec::new();
    for wanted in 1..layer.side() {
        let (mut below, mut at) = (wanted - 1, layer.max_distance.saturating_mul(2));
        while below + 1 < at {
            let middle = below + (at - below) / 2;
            match bucket(layer, middle) >= wanted {
                true => at = middle,
                false => below = middle,
            }
        }
        thresholds.push(index(at));
    }
    thresholds
}

/// Of a table of learned biases those of each pair of positions: `heads x queries x keys`. How many
/// thresholds a distance reaches is its bucket.
pub(crate) fn relative_position_bias<E: Engine>(
    e: &mut E,
    table: E::Value,
    layer: &RelativePositionBias,
    [queries, keys]: [usize; 2],
) -> Made<E> {
    #[expect(clippy::cast_precision_loss, reason = "an extent in floating point")]
    let first = queries as f64 - 1.0;
    let count = queries + keys - 1;
    // From the key that is furthest before its query to the one furthest behind.
    let all = places(e, count, [count, 1])?;
    let ahead = e.add_scalar(all, -first)?;
    let far = match layer.bidirectional {
        true => e.abs(ahead.clone())?,
        false => {
            let back = e.mul_scalar(ahead.clone(), -1.0)?;
            e.clamp(back, 0.0, f64::INFINITY)?
        }
    };
    let far = e.to_int(far)?;
    let thresholds: Vec<_> = thresholds(layer).iter().map(|least| least - 1).collect();
    let thresholds = e.ints(&thresholds, &[1, thresholds.len()])?;
    let reached = e.greater(far, thresholds)?;
    let reached = e.to_float(reached)?;
    let mut buckets = e.sum(reached, &[1], false)?;
    if layer.bidirectional {
        let ahead = e.reshape(ahead, &sizes(&[count]))?;
        let later = e.greater_scalar(ahead, 0.5)?;
        let later = e.to_float(later)?;
        #[expect(clippy::cast_precision_loss, reason = "few buckets")]
        let later = e.mul_scalar(later, layer.side() as f64)?;
        buckets = e.add(buckets, later)?;
    }
    // Sums of ones are whole, up to rounding.
    let buckets = e.add_scalar(buckets, 0.25)?;
    let buckets = e.to_int(buckets)?;
    let by_distance = e.select(table, 0, buckets)?;
    let bias = of_pairs(e, by_distance, [queries, keys])?;
    let bias = e.reshape(bias, &sizes(&[queries, keys, layer.heads]))?;
    e.permute(bias, &[2, 0, 1])
}

/// Of rows for each distance, from the key that is furthest before its query to the one furthest behind,
/// those of each pair of positions: `queries*keys` rows.
fn of_pairs<E: Engine>(e: &mut E, by_distance: E::Value, [queries, keys]: [usize; 2]) -> Made<E> {
    #[expect(clippy::cast_precision_loss, reason = "an extent in floating point")]
    let first = queries as f64 - 1.0;
    let back = distances(e, queries, keys)?;
    let ahead = e.mul_scalar(back, -1.0)?;
    let ahead = e.add_scalar(ahead, first + 0.25)?;
    let ahead = e.to_int(ahead)?;
    let ahead = e.reshape(ahead, &[Dim::Size(queries * keys)])?;
    e.select(by_distance, 0, ahead)
}

/// The place of a distance in a table, from its middle on. Source: `transformers`' DeBERTa-v2
/// (`make_log_bucket_position`), which calculates in single precision.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "as it is calculated there"
)]
fn place(layer: &RelativePositions, distance: i64) -> i64 {
    let single = index(layer.zero / 2);
    let Some(most) = layer.max_distance.filter(|_| distance.abs() > single) else {
        return distance;
    };
    let middle = single as f32;
    let far = (distance.abs() as f32 / middle).ln();
    let whole = ((most as f64 - 1.0) / single as f64) as f32;
    let more = (far / whole.ln() * (middle - 1.0)).ceil();
    (single + more as i64) * distance.signum()
}

/// Where in a table the distance of each query and key stands: `queries x keys`, whole numbers as floats.
pub(crate) fn relative_positions<E: Engine>(
    e: &mut E,
    layer: &RelativePositions,
    [queries, keys]: [usize; 2],
) -> Made<E> {
    let first = index(queries) - 1;
    let places = (0..index(queries + keys - 1)).map(|at| {
        // How far the key is before the query.
        let back = first - at;
        let place = place(layer, if layer.ahead { -back } else { back });
        let place = place.saturating_add(index(layer.zero));
        #[expect(clippy::cast_precision_loss, reason = "places of a table")]
        let place = place.clamp(0, index(layer.entries) - 1) as f64;
        // The middle, so that no rounding gets at another one.
        place + 0.25
    });
    let places: Vec<_> = places.collect();
    let by_distance = e.floats(&places, &[places.len(), 1])?;
    let places = of_pairs(e, by_distance, [queries, keys])?;
    e.reshape(places, &sizes(&[queries, keys]))
}
