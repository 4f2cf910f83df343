//! Weights that are made of other tensors.

use shapewise_core::layer::{Parametrization, WeightNorm};

use crate::dims::Dim;
use crate::engine::{Engine, Made};
use crate::lowering::{Lowered, Lowering};
use crate::run::Update;

/// By what PyTorch divides at least.
const EPS: f64 = 1e-12;

/// The weight of a layer, made of what it is made of.
pub(super) fn weight<E: Engine>(
    l: &mut Lowering<'_, E>,
    parametrization: Option<&Parametrization>,
) -> Lowered<E> {
    let Some(&Parametrization { norm, old_names }) = parametrization else {
        return l.weight("weight");
    };
    match norm {
        WeightNorm::Length { axis } => {
            let [lengths, direction] = match old_names {
                true => ["weight_g", "weight_v"],
                false => [
                    "parametrizations.weight.original0",
                    "parametrizations.weight.original1",
                ],
            };
            let (lengths, direction) = (l.weight(lengths)?, l.weight(direction)?);
            Ok(of_length(l.engine, lengths, direction, axis)?)
        }
        WeightNorm::Spectral {
            axis,
            power_iterations,
        } => {
            let [weight, u, v] = match old_names {
                true => ["weight_orig", "weight_u", "weight_v"],
                false => [
                    "parametrizations.weight.original",
                    "parametrizations.weight.0._u",
                    "parametrizations.weight.0._v",
                ],
            };
            let weight = l.weight(weight)?;
            let rows = rows(l.engine, weight.clone(), axis)?;
            let mut vectors = [column(l, u)?, column(l, v)?];
            if l.training() {
                // PyTorch's older function begins with the other vector.
                let first = usize::from(old_names);
                let fixed = l.engine.detach(rows.clone())?;
                for step in 0..power_iterations.saturating_mul(2) {
                    nearer(l.engine, &fixed, &mut vectors, (first + step) % 2)?;
                }
                for (name, vector) in [u, v].into_iter().zip(&vectors) {
                    let dims: Vec<_> = l.engine.dims(vector).into_iter().take(1).collect();
                    let vector = l.engine.reshape(vector.clone(), &dims)?;
                    l.update(name, Update::Value(vector));
                }
            }
            let [u, v] = vectors;
            let seen = l.engine.matmul(rows, v)?;
            let u = l.engine.permute(u, &[1, 0])?;
            let value = l.engine.matmul(u, seen)?;
            let ones = vec![Dim::Size(1); l.engine.dims(&weight).len()];
            let value = l.engine.reshape(value, &ones)?;
            Ok(l.engine.div(weight, value)?)
        }
    }
}

/// `lengths * direction / |direction|`, each slice along the axis by itself.
fn of_length<E: Engine>(
    e: &mut E,
    lengths: E::Value,
    direction: E::Value,
    axis: Option<usize>,
) -> Made<E> {
    let rank = e.dims(&direction).len();
    let axes: Vec<_> = (0..rank).filter(|other| Some(*other) != axis).collect();
    let squares = e.mul(direction.clone(), direction.clone())?;
    let squares = e.sum(squares, &axes, true)?;
    let norms = e.sqrt(squares)?;
    let lengths = match axis {
        Some(_) => lengths,
        None => e.reshape(lengths, &vec![Dim::Size(1); rank])?,
    };
    let factors = e.div(lengths, norms)?;
    e.mul(direction, factors)
}

/// A weight as a matrix, whose rows are its slices along an axis.
fn rows<E: Engine>(e: &mut E, weight: E::Value, axis: usize) -> Made<E> {
    let dims = e.dims(&weight);
    let others = (0..dims.len()).filter(|other| *other != axis);
    let order: Vec<_> = [axis].into_iter().chain(others).collect();
    let columns = order[1..]
        .iter()
        .fold(1usize, |product, &other| match dims[other] {
            Dim::Size(size) => product.saturating_mul(size),
            Dim::Batch => product,
        });
    let weight = match axis {
        0 => weight,
        _ => e.permute(weight, &order)?,
    };
    e.reshape(weight, &[dims[axis], Dim::Size(columns)])
}

/// A buffer of a layer as a column.
fn column<E: Engine>(l: &mut Lowering<'_, E>, name: &str) -> Lowered<E> {
    let vector = l.buffer(name)?;
    let mut dims = l.engine.dims(&vector);
    dims.push(Dim::Size(1));
    Ok(l.engine.reshape(vector, &dims)?)
}

/// One of both vectors, nearer to the singular vector of the largest singular value.
fn nearer<E: Engine>(
    e: &mut E,
    rows: &E::Value,
    vectors: &mut [E::Value; 2],
    which: usize,
) -> Result<(), E::Error> {
    let matrix = match which {
        0 => rows.clone(),
        _ => e.permute(rows.clone(), &[1, 0])?,
    };
    let x = e.matmul(matrix, vectors[1 - which].clone())?;
    let squares = e.mul(x.clone(), x.clone())?;
    let length = e.sum(squares, &[0], true)?;
    let length = e.sqrt(length)?;
    let length = e.clamp(length, EPS, f64::INFINITY)?;
    vectors[which] = e.div(x, length)?;
    Ok(())
}
