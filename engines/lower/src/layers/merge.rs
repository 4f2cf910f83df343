//! Merges.

use shapewise_core::layer::merge::Merge;

use crate::dims::Dim;
use crate::engine::{Engine, Made};
use crate::lowering::{Lowered, Lowering};

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Merge) -> Lowered<E> {
    let rank = l.results[0].rank();
    match layer {
        Merge::Add { .. } => elementwise(l, E::add),
        Merge::Sub => elementwise(l, E::sub),
        Merge::Mul { .. } => elementwise(l, E::mul),
        Merge::Matmul => {
            let [a, b] = l.inputs([0, 1]);
            Ok(l.engine.matmul(a, b)?)
        }
        Merge::Concat => {
            let axis = if rank > 2 { 1 } else { rank };
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
