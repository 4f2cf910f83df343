//! Normalisations.

use super::{along, ranked};
use crate::dims::{Dim, sizes};
use crate::engine::{AvgPool, Engine, Made, Norm};

/// `x / sqrt(squares + eps)`.
fn divided<E: Engine>(e: &mut E, x: E::Value, squares: E::Value, eps: f64) -> Made<E> {
    let sum = e.add_scalar(squares, eps)?;
    let root = e.sqrt(sum)?;
    e.div(x, root)
}

/// The mean along these axes, which stay, and the mean square of the distances to it.
pub(crate) fn moments<E: Engine>(
    e: &mut E,
    x: &E::Value,
    axes: &[usize],
) -> Result<(E::Value, E::Value), E::Error> {
    let mean = e.mean(x.clone(), axes, true)?;
    let centred = e.sub(x.clone(), mean.clone())?;
    let squares = e.mul(centred.clone(), centred)?;
    let variance = e.mean(squares, axes, true)?;
    Ok((mean, variance))
}

/// `x` by its mean and variance along these axes.
fn standardised<E: Engine>(e: &mut E, x: E::Value, axes: &[usize], eps: f64) -> Made<E> {
    let mean = e.mean(x.clone(), axes, true)?;
    let centred = e.sub(x, mean)?;
    let squares = e.mul(centred.clone(), centred.clone())?;
    let variance = e.mean(squares, axes, true)?;
    divided(e, centred, variance, eps)
}

/// What is learned per channel, axis 1.
fn learned_per_channel<E: Engine>(e: &mut E, mut y: E::Value, norm: Norm<E::Value>) -> Made<E> {
    let rank = e.dims(&y).len();
    if let Some(weight) = norm.weight {
        let weight = along(e, weight, 1, rank)?;
        y = e.mul(y, weight)?;
    }
    if let Some(bias) = norm.bias {
        let bias = along(e, bias, 1, rank)?;
        y = e.add(y, bias)?;
    }
    Ok(y)
}

pub(crate) fn by_statistics<E: Engine>(
    e: &mut E,
    x: E::Value,
    mean: E::Value,
    variance: E::Value,
    norm: Norm<E::Value>,
) -> Made<E> {
    let rank = e.dims(&x).len();
    // The factor of each channel first: that is fewer operations on whole values.
    let sum = e.add_scalar(variance, norm.eps)?;
    let root = e.sqrt(sum)?;
    let factor = match norm.weight {
        Some(weight) => e.div(weight, root)?,
        None => e.pow_scalar(root, -1.0)?,
    };
    let mean = along(e, mean, 1, rank)?;
    let factor = along(e, factor, 1, rank)?;
    let centred = e.sub(x, mean)?;
    let y = e.mul(centred, factor)?;
    match norm.bias {
        Some(bias) => {
            let bias = along(e, bias, 1, rank)?;
            e.add(y, bias)
        }
        None => Ok(y),
    }
}

pub(crate) fn batch_norm_train<E: Engine>(
    e: &mut E,
    x: E::Value,
    norm: Norm<E::Value>,
) -> Result<[E::Value; 3], E::Error> {
    let dims = e.dims(&x);
    let axes: Vec<_> = (0..dims.len()).filter(|axis| *axis != 1).collect();
    let (mean, variance) = moments(e, &x, &axes)?;
    let mean = e.reshape(mean, &dims[1..2])?;
    let variance = e.reshape(variance, &dims[1..2])?;
    let y = e.batch_norm(x, mean.clone(), variance.clone(), norm)?;
    Ok([y, mean, variance])
}

pub(crate) fn instance_norm<E: Engine>(e: &mut E, x: E::Value, norm: Norm<E::Value>) -> Made<E> {
    let axes: Vec<_> = (2..e.dims(&x).len()).collect();
    let y = standardised(e, x, &axes, norm.eps)?;
    learned_per_channel(e, y, norm)
}

pub(crate) fn group_norm<E: Engine>(
    e: &mut E,
    x: E::Value,
    groups: usize,
    norm: Norm<E::Value>,
) -> Made<E> {
    let dims = e.dims(&x);
    let channels = dims[1].size().unwrap_or(groups);
    let mut grouped = vec![dims[0], Dim::Size(groups), Dim::Size(channels / groups)];
    grouped.extend(&dims[2..]);
    let axes: Vec<_> = (2..grouped.len()).collect();
    let y = e.reshape(x, &grouped)?;
    let y = standardised(e, y, &axes, norm.eps)?;
    let y = e.reshape(y, &dims)?;
    learned_per_channel(e, y, norm)
}

/// The last axes, so many of them.
fn last<E: Engine>(e: &E, x: &E::Value, axes: usize) -> Vec<usize> {
    let rank = e.dims(x).len();
    (rank - axes..rank).collect()
}

/// The body of [`Engine::layer_norm`].
///
/// # Errors
///
/// The engine's own.
pub fn layer_norm<E: Engine>(e: &mut E, x: E::Value, axes: usize, norm: Norm<E::Value>) -> Made<E> {
    let axes = last(e, &x, axes);
    let rank = e.dims(&x).len();
    let mut y = standardised(e, x, &axes, norm.eps)?;
    if let Some(weight) = norm.weight {
        let weight = ranked(e, weight, rank)?;
        y = e.mul(y, weight)?;
    }
    if let Some(bias) = norm.bias {
        let bias = ranked(e, bias, rank)?;
        y = e.add(y, bias)?;
    }
    Ok(y)
}

/// The body of [`Engine::rms_norm`].
///
/// # Errors
///
/// The engine's own.
pub fn rms_norm<E: Engine>(e: &mut E, x: E::Value, axes: usize, norm: Norm<E::Value>) -> Made<E> {
    let axes = last(e, &x, axes);
    let rank = e.dims(&x).len();
    let squares = e.mul(x.clone(), x.clone())?;
    let mean = e.mean(squares, &axes, true)?;
    let y = divided(e, x, mean, norm.eps)?;
    match norm.weight {
        Some(weight) => {
            let weight = ranked(e, weight, rank)?;
            e.mul(y, weight)
        }
        None => Ok(y),
    }
}

/// The body of [`Engine::local_response_norm`].
///
/// Source: PyTorch's `torch.nn.functional.local_response_norm`, where an even number
/// of neighbours begins one channel earlier.
///
/// # Errors
///
/// The engine's own.
pub fn local_response_norm<E: Engine>(
    e: &mut E,
    x: E::Value,
    size: usize,
    [alpha, beta, k]: [f64; 3],
) -> Made<E> {
    let dims = e.dims(&x);
    let squares = e.mul(x.clone(), x.clone())?;
    // The channels as the height of an image that is one wide for each position.
    let positions = dims[2..]
        .iter()
        .try_fold(1usize, |all, dim| all.checked_mul(dim.size()?));
    let mut image = vec![dims[0]];
    image.extend(sizes(&[1]));
    image.push(dims[1]);
    image.extend(sizes(&[positions.unwrap_or(1)]));
    let squares = e.reshape(squares, &image)?;
    let mean = e.avg_pool(
        squares,
        &AvgPool {
            kernel: &[size, 1],
            stride: &[1, 1],
            padding: &[(size / 2, (size - 1) / 2), (0, 0)],
            count_include_pad: true,
        },
    )?;
    let mean = e.reshape(mean, &dims)?;
    let scaled = e.mul_scalar(mean, alpha)?;
    let sum = e.add_scalar(scaled, k)?;
    let divisor = e.pow_scalar(sum, beta)?;
    e.div(x, divisor)
}
