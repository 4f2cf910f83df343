//! Reductions along axes.

use shapewise_core::layer::reduction::Reduction;

use crate::compose::movement::places;
use crate::dims::Dim;
use crate::engine::{Engine, known};
use crate::lowering::{Lowered, Lowering, axis_of};

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Reduction) -> Lowered<E> {
    let x = l.input();
    let rank = l.shapes[0].rank();
    let reduced = layer.reduced();
    let places = (0..rank).filter(|place| reduced.axes[*place]);
    let axes: Vec<_> = places.map(|place| axis_of(place, rank)).collect();
    let e = &mut *l.engine;
    let y = match layer {
        Reduction::Mean(_) => e.mean(x, &axes, true)?,
        Reduction::Sum(_) => e.sum(x, &axes, true)?,
        Reduction::Max(_) => e.max(x, &axes, true)?,
        Reduction::Min(_) => {
            let x = e.mul_scalar(x, -1.0)?;
            let y = e.max(x, &axes, true)?;
            e.mul_scalar(y, -1.0)?
        }
        Reduction::LogSumExp(_) => {
            // What is taken off and added again has no gradient of its own.
            let most = e.max(x.clone(), &axes, true)?;
            let most = e.detach(most)?;
            let x = e.sub(x, most.clone())?;
            let x = e.exp(x)?;
            let sum = e.sum(x, &axes, true)?;
            let log = e.log(sum)?;
            e.add(log, most)?
        }
        Reduction::Argmax(_) => {
            let x = l.float_of(x)?;
            argmax(l, x, axes[0])?
        }
    };
    if reduced.keep {
        return Ok(y);
    }
    let y = l.channels_last(y)?;
    let dims = l.batched(l.results[0].as_slice());
    let y = l.engine.reshape(y, &dims)?;
    Ok(l.back_from_channels_last(y)?)
}

/// The first place of the largest: that from which on the most are left.
fn argmax<E: Engine>(l: &mut Lowering<'_, E>, x: E::Value, axis: usize) -> Lowered<E> {
    let e = &mut *l.engine;
    let extents = known(e, &x);
    let count = extents[axis];
    let most = e.max(x.clone(), &[axis], true)?;
    let less = e.sub(most, x)?;
    // 1 where it is the largest, 0 where it is less.
    let less = e.greater_scalar(less, 0.0)?;
    let less = e.to_float(less)?;
    let largest = e.mul_scalar(less, -1.0)?;
    let largest = e.add_scalar(largest, 1.0)?;
    let left = places(e, count, [1, count])?;
    let left = e.mul_scalar(left, -1.0)?;
    #[expect(clippy::cast_precision_loss, reason = "an extent in floating point")]
    let left = e.add_scalar(left, count as f64)?;
    let mut dims = vec![Dim::Size(1); extents.len()];
    dims[axis] = Dim::Size(count);
    let left = e.reshape(left, &dims)?;
    let left = e.mul(largest, left)?;
    let most = e.max(left, &[axis], true)?;
    let place = e.mul_scalar(most, -1.0)?;
    #[expect(clippy::cast_precision_loss, reason = "an extent in floating point")]
    let place = e.add_scalar(place, count as f64 + 0.25)?;
    Ok(e.to_int(place)?)
}
