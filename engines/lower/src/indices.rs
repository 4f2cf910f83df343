//! Which inputs are indices.

use shapewise_core::Shape;
use shapewise_core::layer::Layer;
use shapewise_core::layer::merge::Merge;
use shapewise_core::layer::other::Other;
use shapewise_core::layer::shape_ops::ShapeOp;

use crate::dims::Elements;
use crate::plan::Placed;

/// Whether a layer only moves elements, so that indices may go through.
pub(crate) fn passes(layer: &Layer) -> bool {
    match layer {
        Layer::Regularisation(_)
        | Layer::Other(Other::Identity)
        | Layer::Merge(Merge::Concat | Merge::Stack) => true,
        Layer::ShapeOp(op) => matches!(
            op,
            ShapeOp::Flatten { .. }
                | ShapeOp::Reshape { .. }
                | ShapeOp::Permute { .. }
                | ShapeOp::ToSequence
                | ShapeOp::Crop { .. }
                | ShapeOp::Roll { .. }
                | ShapeOp::Slice { .. }
                | ShapeOp::First
                | ShapeOp::Last
                | ShapeOp::ChannelShuffle { .. }
                | ShapeOp::ChannelSplit(_)
        ),
        _ => false,
    }
}

/// What the elements of the inputs are: integers where they go into an embedding,
/// also through layers that only move elements.
pub(crate) fn of_inputs(layers: &[Placed], shapes: &[Shape], inputs: usize) -> Vec<Elements> {
    let mut indices = vec![false; shapes.len()];
    for placed in layers.iter().rev() {
        if placed.node.entry().takes_indices
            && let Some(&input) = placed.inputs.first()
        {
            indices[input] = true;
        }
        let mut results = placed.output..placed.output + placed.node.results;
        if passes(&placed.node.layer) && results.any(|result| indices[result]) {
            for &input in &placed.inputs {
                indices[input] = true;
            }
        }
    }
    indices[..inputs]
        .iter()
        .map(|is_index| match is_index {
            true => Elements::Int,
            false => Elements::Float,
        })
        .collect()
}
