//! The bodies of the operations that an engine need not have.

pub(crate) mod activation;
pub(crate) mod attention;
pub(crate) mod deform;
pub(crate) mod movement;
pub(crate) mod normalisation;
pub(crate) mod recurrent;
pub(crate) mod resize;
pub(crate) mod rotary;
pub(crate) mod scores;
pub(crate) mod window;

use crate::dims::Dim;
use crate::engine::{Engine, Made};

/// A value along one axis of others that have `rank` axes.
pub(crate) fn along<E: Engine>(e: &mut E, x: E::Value, axis: usize, rank: usize) -> Made<E> {
    let own = e.dims(&x);
    let mut dims = vec![Dim::Size(1); rank];
    dims[axis] = own.first().copied().unwrap_or(Dim::Size(1));
    e.reshape(x, &dims)
}

/// A value with axes of 1 in front, so that it has `rank` axes.
pub(crate) fn ranked<E: Engine>(e: &mut E, x: E::Value, rank: usize) -> Made<E> {
    let own = e.dims(&x);
    if own.len() >= rank {
        return Ok(x);
    }
    let mut dims = vec![Dim::Size(1); rank - own.len()];
    dims.extend(own);
    e.reshape(x, &dims)
}

/// As many zeros as there are numbers, whatever their batch: nothing is above infinity,
/// and what is infinite or no number times 0 would be no number.
pub(crate) fn zeros_like<E: Engine>(e: &mut E, x: E::Value) -> Made<E> {
    let none = e.greater_scalar(x, f64::INFINITY)?;
    e.to_float(none)
}

/// Two axes in each other's place.
pub(crate) fn swapped<E: Engine>(e: &mut E, x: E::Value, a: usize, b: usize) -> Made<E> {
    let mut order: Vec<_> = (0..e.dims(&x).len()).collect();
    order.swap(a, b);
    e.permute(x, &order)
}

/// An index as an engine has it. Those of a network fit: extents are of memory.
pub(crate) fn index(place: usize) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

/// Indices as an engine has them.
pub(crate) fn indices(places: &[usize]) -> Vec<i64> {
    places.iter().copied().map(index).collect()
}
