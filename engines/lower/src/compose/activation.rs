//! Activations.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use super::zeros_like;
use crate::engine::{Engine, Made};

/// The outer scale, alpha and inner divisor of `selu`. Source: Klambauer et al.,
/// Self-Normalizing Neural Networks, 2017; the digits are PyTorch's.
pub(crate) const SELU: [f64; 3] = [1.050_700_987_355_480_5, 1.673_263_242_354_377_2, 1.0];

/// Each element 0 with the probability `p`, alike wherever `like` has an axis of 1;
/// the others divided by `1 - p`.
pub(crate) fn dropped<E: Engine>(e: &mut E, x: E::Value, like: &E::Value, p: f64) -> Made<E> {
    if p <= 0.0 {
        return Ok(x);
    }
    if p >= 1.0 {
        return e.mul_scalar(x, 0.0);
    }
    let kept = e.bernoulli(like, 1.0 - p)?;
    let kept = e.mul_scalar(kept, 1.0 / (1.0 - p))?;
    e.mul(x, kept)
}

/// The parts above and below 0.
fn parts<E: Engine>(e: &mut E, x: E::Value) -> Result<(E::Value, E::Value), E::Error> {
    let above = e.clamp(x.clone(), 0.0, f64::INFINITY)?;
    let below = e.clamp(x, f64::NEG_INFINITY, 0.0)?;
    Ok((above, below))
}

pub(crate) fn leaky_relu<E: Engine>(e: &mut E, x: E::Value, slope: f64) -> Made<E> {
    let (above, below) = parts(e, x)?;
    let below = e.mul_scalar(below, slope)?;
    e.add(above, below)
}

pub(crate) fn prelu<E: Engine>(e: &mut E, x: E::Value, weight: E::Value) -> Made<E> {
    let (above, below) = parts(e, x)?;
    let below = e.mul(below, weight)?;
    e.add(above, below)
}

/// `scale * x`, below 0 `scale * alpha * (e^(x/divisor) - 1)`.
pub(crate) fn elu<E: Engine>(e: &mut E, x: E::Value, [scale, alpha, divisor]: [f64; 3]) -> Made<E> {
    let (above, below) = parts(e, x)?;
    let below = e.mul_scalar(below, 1.0 / divisor)?;
    let below = e.exp(below)?;
    let below = e.add_scalar(below, -1.0)?;
    let below = e.mul_scalar(below, alpha * scale)?;
    let above = e.mul_scalar(above, scale)?;
    e.add(above, below)
}

/// The body of [`Engine::gelu`].
///
/// # Errors
///
/// The engine's own.
pub fn gelu<E: Engine>(e: &mut E, x: E::Value, tanh: bool) -> Made<E> {
    let share = if tanh {
        // Source: PyTorch's `GELU` with `approximate="tanh"`.
        let square = e.mul(x.clone(), x.clone())?;
        let cube = e.mul(square, x.clone())?;
        let cube = e.mul_scalar(cube, 0.044_715)?;
        let inner = e.add(x.clone(), cube)?;
        let inner = e.mul_scalar(inner, (2.0 / PI).sqrt())?;
        e.tanh(inner)?
    } else {
        let inner = e.mul_scalar(x.clone(), FRAC_1_SQRT_2)?;
        e.erf(inner)?
    };
    let share = e.add_scalar(share, 1.0)?;
    let share = e.mul_scalar(share, 0.5)?;
    e.mul(x, share)
}

pub(crate) fn sigmoid<E: Engine>(e: &mut E, x: E::Value) -> Made<E> {
    // By the hyperbolic tangent: no exponential overflows on the way.
    let half = e.mul_scalar(x, 0.5)?;
    let y = e.tanh(half)?;
    let y = e.add_scalar(y, 1.0)?;
    e.mul_scalar(y, 0.5)
}

pub(crate) fn hard_sigmoid<E: Engine>(e: &mut E, x: E::Value) -> Made<E> {
    let y = e.add_scalar(x, 3.0)?;
    let y = e.clamp(y, 0.0, 6.0)?;
    e.mul_scalar(y, 1.0 / 6.0)
}

pub(crate) fn softplus<E: Engine>(e: &mut E, x: E::Value, beta: f64, threshold: f64) -> Made<E> {
    let scaled = e.mul_scalar(x.clone(), beta)?;
    let linear = e.greater_scalar(scaled.clone(), threshold)?;
    // What is linear anyway must not overflow: its gradient would be no number.
    let bent = e.clamp(scaled, f64::NEG_INFINITY, threshold)?;
    let bent = e.exp(bent)?;
    let bent = e.add_scalar(bent, 1.0)?;
    let bent = e.log(bent)?;
    let bent = e.mul_scalar(bent, 1.0 / beta)?;
    e.where_cond(linear, x, bent)
}

pub(crate) fn softsign<E: Engine>(e: &mut E, x: E::Value) -> Made<E> {
    let size = e.abs(x.clone())?;
    let divisor = e.add_scalar(size, 1.0)?;
    e.div(x, divisor)
}

/// `x` less its largest element along an axis, so that exponentials are at most 1.
fn lowered<E: Engine>(e: &mut E, x: E::Value, axis: usize) -> Made<E> {
    let most = e.max(x.clone(), &[axis], true)?;
    let most = e.detach(most)?;
    e.sub(x, most)
}

pub(crate) fn softmax<E: Engine>(e: &mut E, x: E::Value, axis: usize) -> Made<E> {
    let x = lowered(e, x, axis)?;
    let powers = e.exp(x)?;
    let sum = e.sum(powers.clone(), &[axis], true)?;
    e.div(powers, sum)
}

pub(crate) fn log_softmax<E: Engine>(e: &mut E, x: E::Value, axis: usize) -> Made<E> {
    let x = lowered(e, x, axis)?;
    let powers = e.exp(x.clone())?;
    let sum = e.sum(powers, &[axis], true)?;
    let log = e.log(sum)?;
    e.sub(x, log)
}

pub(crate) fn glu<E: Engine>(e: &mut E, x: E::Value, axis: usize) -> Made<E> {
    let half = crate::engine::known(e, &x)[axis] / 2;
    let mut halves = e.split(x, axis, &[half, half])?;
    let gate = halves.remove(1);
    let gate = e.sigmoid(gate)?;
    e.mul(halves.remove(0), gate)
}

/// `x` where it is above `threshold`, else `value`.
pub(crate) fn threshold<E: Engine>(e: &mut E, x: E::Value, threshold: f64, value: f64) -> Made<E> {
    let above = e.greater_scalar(x.clone(), threshold)?;
    let other = zeros_like(e, x.clone())?;
    let other = e.add_scalar(other, value)?;
    e.where_cond(above, x, other)
}

/// `factor * x + offset`.
/// The whole number below. Numbers from 2^23 on are whole already, and may be no integers.
pub(crate) fn floor<E: Engine>(e: &mut E, x: E::Value) -> Made<E> {
    let size = e.abs(x.clone())?;
    let size = e.mul_scalar(size, -1.0)?;
    let small = e.greater_scalar(size, -8_388_608.0)?;
    let inside = e.clamp(x.clone(), -8_388_608.0, 8_388_608.0)?;
    let inside = e.detach(inside)?;
    let whole = integer_below(e, inside)?;
    e.where_cond(small, whole, x)
}

/// The whole number below, of what is an integer's size and has no gradient.
pub(crate) fn integer_below<E: Engine>(e: &mut E, x: E::Value) -> Made<E> {
    let whole = e.to_int(x.clone())?;
    let whole = e.to_float(whole)?;
    let above = e.sub(whole.clone(), x)?;
    let above = e.greater_scalar(above, 0.0)?;
    let above = e.to_float(above)?;
    e.sub(whole, above)
}

/// 1, -1, or 0 of 0. The gradient is 0, and not missing: the input is chosen where it is above infinity.
pub(crate) fn sign<E: Engine>(e: &mut E, x: E::Value) -> Made<E> {
    let above = e.greater_scalar(x.clone(), 0.0)?;
    let above = e.to_float(above)?;
    let negative = e.mul_scalar(x.clone(), -1.0)?;
    let below = e.greater_scalar(negative, 0.0)?;
    let below = e.to_float(below)?;
    let sign = e.sub(above, below)?;
    let never = e.greater_scalar(x.clone(), f64::INFINITY)?;
    e.where_cond(never, x, sign)
}

pub(crate) fn rescaled<E: Engine>(e: &mut E, x: E::Value, factor: f64, offset: f64) -> Made<E> {
    let x = match factor {
        1.0 => x,
        factor => e.mul_scalar(x, factor)?,
    };
    match offset {
        0.0 => Ok(x),
        offset => e.add_scalar(x, offset),
    }
}

/// Vectors along an axis divided by their norm, or by `eps` where that is more.
pub(crate) fn normalized<E: Engine>(
    e: &mut E,
    x: E::Value,
    axis: usize,
    p: f64,
    eps: f64,
) -> Made<E> {
    let norm = if p == 2.0 {
        let squares = e.mul(x.clone(), x.clone())?;
        let sum = e.sum(squares, &[axis], true)?;
        // The gradient of a root is infinite at 0, and 0 times that no number.
        let least = (eps * eps).max(f64::from(f32::MIN_POSITIVE));
        let sum = e.clamp(sum, least, f64::INFINITY)?;
        e.sqrt(sum)?
    } else {
        let powers = e.abs(x.clone())?;
        let powers = e.pow_scalar(powers, p)?;
        let sum = e.sum(powers, &[axis], true)?;
        e.pow_scalar(sum, 1.0 / p)?
    };
    let norm = e.clamp(norm, eps, f64::INFINITY)?;
    e.div(x, norm)
}

/// The first of two where their difference is above 0, the second where it is below.
/// Elsewhere they are alike, and both have half of the gradient, as in PyTorch; or one of
/// them is no number, and so is half of both.
fn chosen<E: Engine>(
    e: &mut E,
    [a, b]: [E::Value; 2],
    first: E::Value,
    second: E::Value,
) -> Made<E> {
    let more = e.sub(a.clone(), b.clone())?;
    let more = e.greater_scalar(more, 0.0)?;
    let less = e.sub(b.clone(), a.clone())?;
    let less = e.greater_scalar(less, 0.0)?;
    let a = e.mul_scalar(a, 0.5)?;
    let b = e.mul_scalar(b, 0.5)?;
    let both = e.add(a, b)?;
    let rest = e.where_cond(less, second, both)?;
    e.where_cond(more, first, rest)
}

pub(crate) fn maximum<E: Engine>(e: &mut E, a: E::Value, b: E::Value) -> Made<E> {
    chosen(e, [a.clone(), b.clone()], a, b)
}

pub(crate) fn minimum<E: Engine>(e: &mut E, a: E::Value, b: E::Value) -> Made<E> {
    chosen(e, [a.clone(), b.clone()], b, a)
}
