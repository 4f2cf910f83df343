//! Tables of learned vectors.

use shapewise_core::layer::embedding::{BagMode, Embedding};

use crate::compose::activation::rescaled;
use crate::compose::{ranked, rotary, scores, zeros_like};
use crate::dims::sizes;
use crate::engine::Engine;
use crate::layers::parametrization;
use crate::lowering::{Lowered, Lowering, with_front};

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Embedding) -> Lowered<E> {
    let x = l.input();
    match layer {
        Embedding::Lookup {
            padding_idx,
            parametrization,
            ..
        } => {
            let places = l.channels_last(x)?;
            let table = parametrization::weight(l, parametrization.as_ref())?;
            let y = l.engine.embedding(table, places, *padding_idx)?;
            // Vectors and sequences of indices become sequences and images.
            Ok(l.back_from_channels_last(y)?)
        }
        Embedding::Bag { mode, .. } => {
            let table = l.weight("weight")?;
            let all = l.engine.embedding(table, x, None)?;
            Ok(match mode {
                BagMode::Mean => l.engine.mean(all, &[1], false)?,
                BagMode::Sum => l.engine.sum(all, &[1], false)?,
                BagMode::Max => l.engine.max(all, &[1], false)?,
            })
        }
        Embedding::Positional { table, batch_axis } => {
            let mut weight = l.weight("")?;
            if !batch_axis {
                weight = l.engine.reshape(weight, &sizes(&with_front(1, table)))?;
            }
            let length = l.shapes[0].extents().at(0);
            if length < table.at(0) {
                weight = l.engine.slice(weight, 1, 0, length)?;
            }
            let weight = l.back_from_channels_last(weight)?;
            Ok(l.engine.add(x, weight)?)
        }
        Embedding::ClassToken { .. } => {
            let token = l.weight("")?;
            let tokens = l.engine.per_sample(token, &x)?;
            Ok(l.engine.concat(vec![tokens, x], 1)?)
        }
        Embedding::Parameter { shape, .. } => {
            let weight = l.weight("")?;
            let one = sizes(&with_front(1, shape));
            let weight = l.engine.reshape(weight, &one)?;
            let weight = l.engine.per_sample(weight, &x)?;
            Ok(l.back_from_channels_last(weight)?)
        }
        Embedding::Arange { start, step } => {
            let count = l.results[0].features();
            arange(l, &x, count, *start, *step)
        }
        Embedding::Distances(distances) => {
            let positions = [l.results[0].extents().at(0), l.results[0].extents().at(1)];
            let places = scores::relative_positions(l.engine, distances, positions)?;
            let places = ranked(l.engine, places, 3)?;
            let places = l.engine.per_sample(places, &x)?;
            Ok(l.engine.to_int(places)?)
        }
        Embedding::Full { value, .. } => {
            let x = l.float_of(x)?;
            let zeros = zeros_like(l.engine, x)?;
            numbers(l, zeros, *value)
        }
        Embedding::Sinusoidal(table) => {
            if table.features.is_some() {
                let x = l.channels_last(x)?;
                let x = l.float_of(x)?;
                let y = rotary::sinusoids_of(l.engine, x, table)?;
                return Ok(l.back_from_channels_last(y)?);
            }
            let extents = l.shapes[0].extents();
            let y = rotary::sinusoids(l.engine, [extents.at(0), extents.at(1)], table)?;
            Ok(match table.add {
                true => l.engine.add(x, y)?,
                false => l.engine.per_sample(y, &x)?,
            })
        }
    }
}

/// Whole numbers in a row, for every sample of `like`: indices.
fn arange<E: Engine>(
    l: &mut Lowering<'_, E>,
    like: &E::Value,
    count: usize,
    start: usize,
    step: usize,
) -> Lowered<E> {
    let places = l.engine.arange(count)?;
    let places = l.engine.to_float(places)?;
    #[expect(clippy::cast_precision_loss, reason = "indices of tables")]
    let [start, step] = [start, step].map(|value| value as f64);
    let places = rescaled(l.engine, places, step, start)?;
    let places = l.engine.reshape(places, &sizes(&[1, count]))?;
    let places = l.engine.per_sample(places, like)?;
    Ok(l.engine.to_int(places)?)
}

/// Floats with a number added, as indices where the layer gives those.
fn numbers<E: Engine>(l: &mut Lowering<'_, E>, zeros: E::Value, value: f64) -> Lowered<E> {
    let all = rescaled(l.engine, zeros, 1.0, value)?;
    match l.node.layer.gives_indices() {
        true => Ok(l.engine.to_int(all)?),
        false => Ok(all),
    }
}
