//! Pooling.

use shapewise_core::layer::pooling::{Pool, Pooling};

use crate::compose::window::ratio;
use crate::engine::{AvgPool, Engine, MaxPool, known};
use crate::error::Fault;
use crate::lowering::{Lowered, Lowering, axis_of, pairs};

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Pooling) -> Lowered<E> {
    let x = l.input();
    let rank = l.shapes[0].rank();
    let positions: Vec<_> = (0..rank - 1).map(|place| axis_of(place, rank)).collect();
    let x = match layer {
        Pooling::GlobalAverage => return Ok(l.engine.mean(x, &positions, false)?),
        Pooling::GlobalMax => return Ok(l.engine.max(x, &positions, false)?),
        _ => l.channels_first(x)?,
    };
    let y = match layer {
        Pooling::Max(pool) => max(l, pool, x)?,
        Pooling::Average {
            pool,
            count_include_pad,
            divisor_override,
        } => average(l, pool, x, *count_include_pad, *divisor_override)?,
        Pooling::Power { pool, norm_type } => power(l, pool, x, *norm_type)?,
        Pooling::AdaptiveAverage { size } => l.engine.adaptive_avg_pool(x, size.as_slice())?,
        Pooling::AdaptiveMax { size } => l.engine.adaptive_max_pool(x, size.as_slice())?,
        Pooling::GlobalAverage | Pooling::GlobalMax => x,
    };
    Ok(l.back_from_channels_first(y)?)
}

/// What the last windows reach beyond the padded input, on each axis: what
/// `ceil_mode` adds, so that engines need not know it.
fn beyond<E: Engine>(l: &Lowering<'_, E>, pool: &Pool, x: &E::Value) -> Lowered<E, Vec<usize>> {
    let window = &pool.window;
    let (out, extents) = (l.results[0].spatial(), known(l.engine, x));
    let along = |axis: usize| {
        let padded = window.padding.total(axis)?.checked_add(extents[axis + 2])?;
        let reach = (window.kernel.at(axis) - 1).checked_mul(window.dilation.at(axis))?;
        let start = (out.at(axis) - 1).checked_mul(window.stride.at(axis))?;
        let end = start.checked_add(reach)?.checked_add(1)?;
        Some(end.saturating_sub(padded))
    };
    let all: Option<_> = (0..out.len()).map(along).collect();
    all.ok_or(Fault::Overflow)
}

/// Padding with more of it at the ends.
fn longer(padding: &[(usize, usize)], more: &[usize]) -> Vec<(usize, usize)> {
    let axes = padding.iter().zip(more);
    axes.map(|(&(before, after), more)| (before, after.saturating_add(*more)))
        .collect()
}

fn max<E: Engine>(l: &mut Lowering<'_, E>, pool: &Pool, x: E::Value) -> Lowered<E> {
    let beyond = beyond(l, pool, &x)?;
    let options = MaxPool {
        kernel: pool.window.kernel.as_slice(),
        stride: pool.window.stride.as_slice(),
        padding: &longer(&pairs(&pool.window.padding), &beyond),
        dilation: pool.window.dilation.as_slice(),
    };
    Ok(l.engine.max_pool(x, &options)?)
}

/// The mean of each window. What `ceil_mode` adds never counts, declared padding
/// does if it is included.
fn average<E: Engine>(
    l: &mut Lowering<'_, E>,
    pool: &Pool,
    x: E::Value,
    include: bool,
    divisor: Option<usize>,
) -> Lowered<E> {
    let beyond = beyond(l, pool, &x)?;
    let rounded = beyond.iter().any(|&more| more > 0);
    let declared = pairs(&pool.window.padding);
    let none = vec![(0, 0); declared.len()];
    // Zeros that are put around before, what is left to the pooling, and whether
    // that counts.
    let (zeros, padding, count_include_pad) = match divisor {
        Some(_) => (none, longer(&declared, &beyond), true),
        None if include && rounded => (declared, longer(&none, &beyond), false),
        None => (none, longer(&declared, &beyond), include),
    };
    let mut x = x;
    if zeros.iter().any(|sides| *sides != (0, 0)) {
        let all = [&[(0, 0); 2], zeros.as_slice()].concat();
        x = l.engine.pad_constant(x, &all, 0.0)?;
    }
    let kernel = &pool.window.kernel;
    let options = AvgPool {
        kernel: kernel.as_slice(),
        stride: pool.window.stride.as_slice(),
        padding: &padding,
        count_include_pad,
    };
    let y = l.engine.avg_pool(x, &options)?;
    match divisor {
        Some(divisor) => {
            let elements = crate::lowering::product::<E>(kernel.as_slice())?;
            Ok(l.engine.mul_scalar(y, ratio(elements, divisor))?)
        }
        None => Ok(y),
    }
}

/// The root of the sum of powers, by way of their mean, so that a window that
/// `ceil_mode` cuts off counts as a whole one. Source: PyTorch's
/// `torch.nn.functional.lp_pool2d`, of which an odd power of a negative sum is no
/// number either.
fn power<E: Engine>(l: &mut Lowering<'_, E>, pool: &Pool, x: E::Value, norm: f64) -> Lowered<E> {
    if norm.is_infinite() {
        return max(l, pool, x);
    }
    #[expect(clippy::float_cmp, reason = "2 is written as such")]
    let squares = norm == 2.0;
    let powers = match squares {
        true => l.engine.mul(x.clone(), x)?,
        false => l.engine.pow_scalar(x, norm)?,
    };
    let mean = average(l, pool, powers, true, None)?;
    let elements = crate::lowering::product::<E>(pool.window.kernel.as_slice())?;
    let sum = l.engine.mul_scalar(mean, ratio(elements, 1))?;
    match squares {
        true => Ok(l.engine.sqrt(sum)?),
        false => Ok(l.engine.pow_scalar(sum, 1.0 / norm)?),
    }
}
