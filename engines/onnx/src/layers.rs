//! Every layer in ONNX's operators: a family, a file.

use shapewise_core::graph::Graph;
use shapewise_core::layer::Layer;
use shapewise_core::layer::regularisation::Regularisation;
use shapewise_core::layer::shape_ops::ShapeOp;

use crate::Error;
use crate::layer::Said;
use crate::value::{Elements, Value};

mod activation;
mod adaptive;
mod attention;
mod convolution;
mod dense;
mod embedding;
mod merge;
mod normalisation;
mod other;
mod patches;
mod pooling;
mod recurrent;
mod resize;
mod shape_ops;
mod transformer;
mod window;

/// Says a layer; returns its results.
pub(crate) fn say(said: &mut Said<'_>) -> Result<Vec<Value>, Error> {
    let layer = said.node.layer;
    // Layers that calculate are given numbers, even where their input is also
    // that of an embedding.
    if !passes_indices(&layer) && !said.node.entry().takes_indices {
        for place in 0..said.inputs.len() {
            if said.inputs[place].elements == Elements::Indices {
                let input = said.inputs[place].clone();
                said.inputs[place] = said.builder.cast(&input, Elements::Numbers);
            }
        }
    }
    Ok(match layer {
        Layer::Convolution(layer) => vec![convolution::say(said, &layer)?],
        Layer::Pooling(layer) => vec![pooling::say(said, &layer)?],
        Layer::Dense(layer) => vec![dense::say(said, &layer)?],
        Layer::Embedding(layer) => vec![embedding::say(said, &layer)?],
        Layer::Normalisation(layer) => vec![normalisation::say(said, &layer)?],
        Layer::Activation(layer) => vec![activation::say(said, &layer)?],
        Layer::Regularisation(layer) => vec![regularisation(said, &layer)],
        Layer::ShapeOp(layer) => shape_ops::say(said, &layer)?,
        Layer::Recurrent(layer) => recurrent::say(said, &layer)?,
        Layer::Attention(layer) => vec![attention::say(said, &layer)?],
        Layer::Merge(layer) => vec![merge::say(said, &layer)?],
        Layer::Other(layer) => vec![other::say(said, &layer)?],
        Layer::Subnetwork(_) => {
            unreachable!("the layers of a network are said in its place")
        }
        Layer::CustomLayer(_) => {
            return Err(said.unsupported("what a layer of one's own computes is not known"));
        }
    })
}

/// A layer that does nothing at inference.
fn regularisation(said: &mut Said<'_>, layer: &Regularisation) -> Value {
    let x = said.input();
    match layer {
        Regularisation::Dropout { p } if x.elements == Elements::Numbers => {
            let p = said.builder.number(*p);
            said.builder
                .node("Dropout", &[&x, &p], vec![], x.dims.clone())
        }
        _ => said.builder.unary("Identity", &x),
    }
}

/// Whether a layer only moves elements, so that indices may go through.
fn passes_indices(layer: &Layer) -> bool {
    use shapewise_core::layer::merge::Merge;
    use shapewise_core::layer::other::Other;
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

/// Which values of the network are indices: those that go into an embedding,
/// also through layers that only move elements.
pub(crate) fn indices(graph: &Graph) -> Vec<bool> {
    indices_with(graph, vec![false; graph.values().len()])
}

/// [`indices`] where some of the values are known to be.
fn indices_with(graph: &Graph, mut indices: Vec<bool>) -> Vec<bool> {
    for node in graph.nodes().iter().rev() {
        if let Some(inner) = graph.inner(node) {
            let mut inside = vec![false; inner.values().len()];
            for (result, (_, output)) in inner.outputs().iter().enumerate().take(node.results) {
                inside[*output] |= indices[node.output + result];
            }
            let inside = indices_with(inner, inside);
            for (input, is_index) in node.inputs.iter().zip(inside) {
                indices[*input] |= is_index;
            }
            continue;
        }
        if node.entry().takes_indices {
            indices[node.inputs[0]] = true;
        }
        let results = node.output..node.output + node.results;
        if passes_indices(&node.layer) && indices[results].contains(&true) {
            for &input in node.inputs {
                indices[input] = true;
            }
        }
    }
    indices
}
