//! Pooling.

use shapewise_core::Extents;
use shapewise_core::layer::pooling::{Pool, Pooling};

use super::adaptive;
use super::convolution::window;
use crate::Error;
use crate::builder::Attribute;
use crate::layer::Said;
use crate::value::{Dim, Value, axis_of, batched, ints};

pub(super) fn say(said: &mut Said<'_>, layer: &Pooling) -> Result<Value, Error> {
    let x = said.input();
    let rank = said.shapes[0].rank();
    let positions: Vec<_> = (0..rank - 1).map(|place| axis_of(place, rank)).collect();
    match layer {
        Pooling::GlobalAverage => return said.builder.reduce("ReduceMean", &x, &positions, false),
        Pooling::GlobalMax => return said.builder.reduce("ReduceMax", &x, &positions, false),
        _ => {}
    }
    let x = said.builder.channels_first(&x)?;
    let y = match layer {
        Pooling::Max(pool) => max(said, pool, &x)?,
        Pooling::Average {
            pool,
            count_include_pad,
            divisor_override,
        } => average(said, pool, &x, *count_include_pad, *divisor_override)?,
        Pooling::Power { pool, norm_type } => power(said, pool, &x, *norm_type)?,
        Pooling::AdaptiveAverage { size } => adaptive::average(said, &x, size)?,
        Pooling::AdaptiveMax { size } => adaptive::max(said, &x, size)?,
        Pooling::GlobalAverage | Pooling::GlobalMax => x,
    };
    said.builder.back_from_channels_first(&y)
}

/// What the last windows reach beyond the padded input, on each axis.
/// `ceil_mode` differs between frameworks and versions of ONNX; elements that are
/// there do not.
fn beyond(said: &Said<'_>, pool: &Pool, x: &Value) -> Result<Vec<usize>, Error> {
    let window = &pool.window;
    let out = said.results[0].spatial();
    (0..out.len())
        .map(|axis| {
            let padded = window
                .padding
                .total(axis)
                .and_then(|total| total.checked_add(x.size(axis + 2)));
            let reach = (window.kernel.at(axis) - 1).checked_mul(window.dilation.at(axis));
            let start = (out.at(axis) - 1).checked_mul(window.stride.at(axis));
            match (padded, reach, start) {
                (Some(padded), Some(reach), Some(start)) => {
                    let end = start.checked_add(reach).and_then(|end| end.checked_add(1));
                    Ok(end.ok_or(Error::Overflow)?.saturating_sub(padded))
                }
                _ => Err(Error::Overflow),
            }
        })
        .collect()
}

/// Padding before and after every axis.
struct Around {
    before: Vec<usize>,
    after: Vec<usize>,
}

impl Around {
    fn declared(pool: &Pool) -> Self {
        Self {
            before: pool.window.padding.before().as_slice().to_vec(),
            after: pool.window.padding.after().as_slice().to_vec(),
        }
    }

    fn none(axes: usize) -> Self {
        Self {
            before: vec![0; axes],
            after: vec![0; axes],
        }
    }

    fn and_after(mut self, more: &[usize]) -> Self {
        for (after, more) in self.after.iter_mut().zip(more) {
            *after += more;
        }
        self
    }

    /// Whether the operators take it as an attribute: they want less than the
    /// kernel on each side.
    fn fits(&self, kernel: &Extents) -> bool {
        let below = |side: &[usize]| {
            side.iter()
                .zip(kernel.as_slice())
                .all(|(pad, kernel)| pad < kernel)
        };
        below(&self.before) && below(&self.after)
    }

    fn apply(&self, said: &mut Said<'_>, x: &Value, fill: f64) -> Result<Value, Error> {
        let around: Vec<_> = (0..self.before.len())
            .map(|axis| (axis + 2, self.before[axis], self.after[axis]))
            .collect();
        said.builder.pad(x, &around, "constant", fill)
    }
}

fn out_dims(said: &Said<'_>) -> Vec<Dim> {
    batched(said.results[0].channels_first().as_slice())
}

fn max(said: &mut Said<'_>, pool: &Pool, x: &Value) -> Result<Value, Error> {
    let beyond = beyond(said, pool, x)?;
    let mut around = Around::declared(pool).and_after(&beyond);
    let mut x = x.clone();
    if !around.fits(&pool.window.kernel) {
        x = around.apply(said, &x, f64::NEG_INFINITY)?;
        around = Around::none(beyond.len());
    }
    let mut attributes = window(&pool.window, &[around.before, around.after].concat())?;
    let dilations = ints(pool.window.dilation.as_slice())?;
    attributes.push(("dilations", Attribute::Ints(dilations)));
    Ok(said
        .builder
        .node("MaxPool", &[&x], attributes, out_dims(said)))
}

/// The mean of each window. What `ceil_mode` adds never counts, declared padding
/// does if it is included.
fn average(
    said: &mut Said<'_>,
    pool: &Pool,
    x: &Value,
    include: bool,
    divisor: Option<usize>,
) -> Result<Value, Error> {
    let beyond = beyond(said, pool, x)?;
    let rounded = beyond.iter().any(|&more| more > 0);
    let declared = Around::declared(pool);
    let kernel = &pool.window.kernel;
    // What is put around as zeros, what is left to the operator, and whether the
    // latter counts.
    let (zeros, around, include) = match divisor {
        Some(_) => (
            Some(declared.and_after(&beyond)),
            Around::none(beyond.len()),
            true,
        ),
        None if include && (rounded || !declared.fits(kernel)) => {
            let rest = Around::none(beyond.len()).and_after(&beyond);
            (Some(declared), rest, false)
        }
        None => (None, declared.and_after(&beyond), include),
    };
    if !around.fits(kernel) {
        return Err(said.unsupported("padding as large as the window that does not count"));
    }
    let x = match zeros {
        Some(zeros) => zeros.apply(said, x, 0.0)?,
        None => x.clone(),
    };
    let mut attributes = window(&pool.window, &[around.before, around.after].concat())?;
    attributes.push(("count_include_pad", Attribute::Int(include.into())));
    let y = said
        .builder
        .node("AveragePool", &[&x], attributes, out_dims(said));
    let (Some(divisor), Some(elements)) = (divisor, kernel.product()) else {
        return Ok(y);
    };
    #[expect(clippy::cast_precision_loss, reason = "a factor in floating point")]
    let factor = said.builder.number(elements as f64 / divisor as f64);
    Ok(said.builder.binary("Mul", &y, &factor))
}

/// The root of the sum of powers, by way of their mean, so that a window that
/// `ceil_mode` cuts off counts as a whole one. Source: PyTorch's
/// `torch.nn.functional.lp_pool2d`, of which an odd power of a negative sum is no
/// number either.
fn power(said: &mut Said<'_>, pool: &Pool, x: &Value, norm: f64) -> Result<Value, Error> {
    if norm.is_infinite() {
        return max(said, pool, x);
    }
    let exponent = said.builder.number(norm);
    let powers = said.builder.binary("Pow", x, &exponent);
    let mean = average(said, pool, &powers, true, None)?;
    #[expect(clippy::cast_precision_loss, reason = "a factor in floating point")]
    let elements = pool.window.kernel.product().ok_or(Error::Overflow)? as f64;
    let elements = said.builder.number(elements);
    let sum = said.builder.binary("Mul", &mean, &elements);
    let root = said.builder.number(1.0 / norm);
    Ok(said.builder.binary("Pow", &sum, &root))
}
