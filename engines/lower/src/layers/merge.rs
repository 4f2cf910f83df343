//! Merges.

use shapewise_core::layer::merge::Merge;

use crate::compose::activation;
use crate::dims::Dim;
use crate::engine::{Engine, Made};
use crate::lowering::{Lowered, Lowering, axis_of, axis_of_channels};

mod einsum;

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Merge) -> Lowered<E> {
    let rank = l.results[0].rank();
    match layer {
        Merge::Add { .. } => elementwise(l, E::add),
        Merge::Sub => elementwise(l, E::sub),
        Merge::Mul { .. } => elementwise(l, E::mul),
        Merge::Div { .. } => elementwise(l, E::div),
        Merge::Maximum => elementwise(l, E::maximum),
        Merge::Minimum => elementwise(l, E::minimum),
        Merge::CosineSimilarity { eps } => similarity(l, *eps),
        Merge::Matmul => {
            let [a, b] = l.inputs([0, 1]);
            let (a, b) = (l.channels_last(a)?, l.channels_last(b)?);
            let y = l.engine.matmul(a, b)?;
            Ok(l.back_from_channels_last(y)?)
        }
        Merge::Einsum { equation } => einsum::lower(l, equation),
        Merge::WhereCond => {
            let [condition, a, b] = l.inputs([0, 1, 2]);
            let condition = l.engine.abs(condition)?;
            let condition = l.engine.greater_scalar(condition, 0.0)?;
            Ok(l.engine.where_cond(condition, a, b)?)
        }
        Merge::Concat { axis } => {
            let axis = axis_of(*axis, rank);
            let values = std::mem::take(&mut l.inputs);
            Ok(l.engine.concat(values, axis)?)
        }
        Merge::Stack => {
            // The new axis comes before the others; channels stay in front of it
            // once there are any positions behind.
            let axis = if rank > 2 { 2 } else { 1 };
            let mut slices = Vec::new();
            for input in std::mem::take(&mut l.inputs) {
                let input = l.channels_first(input)?;
                let mut dims = l.engine.dims(&input);
                dims.insert(axis, Dim::Size(1));
                slices.push(l.engine.reshape(input, &dims)?);
            }
            Ok(l.engine.concat(slices, axis)?)
        }
    }
}

/// One operand after the other. A vector meets the channels of every position.
fn elementwise<E: Engine>(
    l: &mut Lowering<'_, E>,
    operation: fn(&mut E, E::Value, E::Value) -> Made<E>,
) -> Lowered<E> {
    let rank = l.results[0].rank();
    let mut result: Option<E::Value> = None;
    for (place, operand) in std::mem::take(&mut l.inputs).into_iter().enumerate() {
        let shape = l.shapes[place];
        let operand = if shape.rank() < rank {
            let mut extents = vec![1; rank];
            extents[if rank > 2 { 0 } else { rank - 1 }] = shape.channels();
            let dims = l.batched(&extents);
            l.engine.reshape(operand, &dims)?
        } else {
            operand
        };
        result = Some(match result {
            Some(result) => operation(l.engine, result, operand)?,
            None => operand,
        });
    }
    result.ok_or(crate::error::Fault::Overflow)
}

/// The product of two values over that of their lengths. Source: PyTorch's
/// `cosine_similarity`, which takes neither length for less than `eps`.
fn similarity<E: Engine>(l: &mut Lowering<'_, E>, eps: f64) -> Lowered<E> {
    let axis = axis_of_channels(l.shapes[0].rank() + 1);
    let vector = l.shapes[0].rank() == 1;
    let [a, b] = l.inputs([0, 1]);
    let a = activation::normalized(l.engine, a, axis, 2.0, eps)?;
    let b = activation::normalized(l.engine, b, axis, 2.0, eps)?;
    let products = l.engine.mul(a, b)?;
    Ok(l.engine.sum(products, &[axis], vector)?)
}
