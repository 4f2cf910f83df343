//! Which inputs are indices.

use shapewise_core::Shape;

use crate::dims::Elements;
use crate::plan::Placed;

/// What the elements of the inputs are: integers where they go into an embedding,
/// also through layers that only move elements.
pub(crate) fn of_inputs(layers: &[Placed], shapes: &[Shape], inputs: usize) -> Vec<Elements> {
    let mut indices = vec![false; shapes.len()];
    for placed in layers.iter().rev() {
        if let Some(place) = placed.node.layer.indices()
            && let Some(&input) = placed.inputs.get(place)
        {
            indices[input] = true;
        }
        let mut results = placed.results();
        if placed.node.layer.moves() && results.any(|result| indices[result]) {
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
