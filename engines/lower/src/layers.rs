//! Every layer in operations: a family, a file.

use shapewise_core::layer::Layer;

use crate::custom::{CustomCall, Customs};
use crate::engine::Engine;
use crate::error::Fault;
use crate::lowering::{Lowered, Lowering, dims_of};

mod activation;
mod attention;
mod convolution;
mod dense;
mod embedding;
mod merge;
mod normalisation;
mod patches;
mod pooling;
mod recurrent;
mod regularisation;
mod shape_ops;
mod transformer;
mod window;

/// Lowers a layer; returns its results.
pub(crate) fn lower<E: Engine>(
    l: &mut Lowering<'_, E>,
    customs: &Customs<E>,
) -> Lowered<E, Vec<E::Value>> {
    let layer = l.node.layer;
    floats(l, &layer)?;
    Ok(match layer {
        Layer::Convolution(layer) => vec![convolution::lower(l, &layer)?],
        Layer::Pooling(layer) => vec![pooling::lower(l, &layer)?],
        Layer::Dense(layer) => vec![dense::lower(l, &layer)?],
        Layer::Embedding(layer) => vec![embedding::lower(l, &layer)?],
        Layer::Normalisation(layer) => vec![normalisation::lower(l, &layer)?],
        Layer::Activation(layer) => vec![activation::lower(l, &layer)?],
        Layer::Regularisation(layer) => vec![regularisation::lower(l, &layer)?],
        Layer::ShapeOp(layer) => shape_ops::lower(l, &layer)?,
        Layer::Recurrent(layer) => recurrent::lower(l, &layer)?,
        Layer::Attention(layer) => vec![attention::lower(l, &layer)?],
        Layer::Merge(layer) => vec![merge::lower(l, &layer)?],
        Layer::Other(layer) => vec![dense::other(l, &layer)?],
        // The layers of a network stand in its place.
        Layer::Subnetwork(_) => std::mem::take(&mut l.inputs),
        Layer::CustomLayer(_) => vec![custom(l, customs)?],
    })
}

/// Layers that calculate are given floats, even where their input is also that of
/// an embedding; those that only move elements, all of one kind.
fn floats<E: Engine>(l: &mut Lowering<'_, E>, layer: &Layer) -> Lowered<E, ()> {
    let elements = |l: &Lowering<'_, E>, place: usize| l.engine.elements(&l.inputs[place]);
    let alike = (1..l.inputs.len()).all(|place| elements(l, place) == elements(l, 0));
    let keeps = layer.moves() && alike;
    if keeps || l.node.entry().takes_indices || matches!(layer, Layer::CustomLayer(_)) {
        return Ok(());
    }
    for input in std::mem::take(&mut l.inputs) {
        let input = l.float_of(input)?;
        l.inputs.push(input);
    }
    Ok(())
}

fn custom<E: Engine>(l: &mut Lowering<'_, E>, customs: &Customs<E>) -> Lowered<E> {
    let Some(function) = customs.find(l.path) else {
        return Err(Fault::NoFunction);
    };
    let mut tensors = Vec::new();
    for tensor in l.node.tensors() {
        let name = tensor.name.to_string();
        let value = l.weight(&name)?;
        tensors.push((name, value));
    }
    let call = CustomCall {
        path: l.path,
        tensors,
        inputs: std::mem::take(&mut l.inputs),
        mode: l.mode,
    };
    let y = function(l.engine, call)?;
    let (expected, given) = (dims_of(&l.results[0], l.batch), l.engine.dims(&y));
    match given == expected {
        true => Ok(y),
        false => Err(Fault::CustomShape { expected, given }),
    }
}
