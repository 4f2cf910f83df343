//! Merges.

use shapewise_core::layer::merge::Merge;

use crate::Error;
use crate::layer::Said;
use crate::value::{Value, batched};

pub(super) fn say(said: &mut Said<'_>, layer: &Merge) -> Result<Value, Error> {
    let rank = said.results[0].rank();
    match layer {
        Merge::Add { .. } => elementwise(said, "Add"),
        Merge::Sub => elementwise(said, "Sub"),
        Merge::Mul { .. } => elementwise(said, "Mul"),
        Merge::Matmul => {
            let (a, b) = (said.inputs[0].clone(), said.inputs[1].clone());
            Ok(said.builder.matmul(&a, &b))
        }
        Merge::Concat => {
            let inputs = said.inputs.clone();
            let axis = if rank > 2 { 1 } else { rank };
            said.builder.concat(&inputs, axis)
        }
        Merge::Stack => {
            // The new axis comes before the others; channels stay in front of it
            // once there are any positions behind.
            let axis = if rank > 2 { 2 } else { 1 };
            let mut slices = Vec::new();
            for input in said.inputs.clone() {
                let input = said.builder.channels_first(&input)?;
                let mut dims = input.dims.clone();
                dims.insert(axis, crate::value::Dim::Size(1));
                slices.push(said.builder.reshape(&input, dims)?);
            }
            said.builder.concat(&slices, axis)
        }
    }
}

/// One operand after the other. A vector meets the channels of every position.
fn elementwise(said: &mut Said<'_>, operator: &str) -> Result<Value, Error> {
    let rank = said.results[0].rank();
    let mut operands = Vec::new();
    for (place, shape) in said.shapes.clone().into_iter().enumerate() {
        let operand = said.inputs[place].clone();
        operands.push(if shape.rank() < rank {
            let mut extents = vec![1; rank];
            extents[if rank > 2 { 0 } else { rank - 1 }] = shape.channels();
            said.builder.reshape(&operand, batched(&extents))?
        } else {
            operand
        });
    }
    let mut sum = operands[0].clone();
    for operand in &operands[1..] {
        sum = said.builder.binary(operator, &sum, operand);
    }
    Ok(sum)
}
