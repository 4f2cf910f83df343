//! Every layer in operations: a family, a file.

use shapewise_core::layer::Layer;

use crate::custom::{CustomCall, Customs};
use crate::dims::Elements;
use crate::engine::Engine;
use crate::error::Fault;
use crate::lowering::{Lowered, Lowering, dims_of};

mod activation;
mod attention;
mod conv_recurrent;
mod convolution;
mod dense;
mod embedding;
mod merge;
mod mixture;
mod normalisation;
mod parametrization;
mod patches;
mod pooling;
mod recurrent;
mod reduction;
mod regularisation;
mod shape_ops;
mod state_space;
mod transformer;
mod window;

/// Lowers a layer, and puts its results into a list.
pub(crate) fn lower<E: Engine>(
    l: &mut Lowering<'_, E>,
    customs: &Customs<E>,
    results: &mut Vec<E::Value>,
) -> Lowered<E, ()> {
    let layer = &l.node.layer;
    floats(l, layer)?;
    let one = match layer {
        Layer::Convolution(layer) => convolution::lower(l, layer)?,
        Layer::Pooling(layer) => pooling::lower(l, layer)?,
        Layer::Dense(layer) => dense::lower(l, layer)?,
        Layer::Embedding(layer) => embedding::lower(l, layer)?,
        Layer::Normalisation(layer) => normalisation::lower(l, layer)?,
        Layer::Activation(layer) => activation::lower(l, layer)?,
        Layer::Regularisation(layer) => regularisation::lower(l, layer)?,
        Layer::ShapeOp(layer) => return shape_ops::lower(l, layer, results),
        Layer::Reduction(layer) => reduction::lower(l, layer)?,
        Layer::Recurrent(layer) => {
            results.append(&mut recurrent::lower(l, layer)?);
            return Ok(());
        }
        Layer::ConvRecurrent(layer) => {
            results.append(&mut conv_recurrent::lower(l, layer)?);
            return Ok(());
        }
        Layer::StateSpace(layer) => state_space::lower(l, layer)?,
        Layer::Mixture(layer) => mixture::lower(l, layer)?,
        Layer::Attention(layer) => attention::lower(l, layer)?,
        Layer::Merge(layer) => merge::lower(l, layer)?,
        Layer::Other(layer) => dense::other(l, layer)?,
        // The layers of a network stand in its place.
        Layer::Subnetwork(_) => {
            results.append(&mut l.inputs);
            return Ok(());
        }
        Layer::CustomLayer(_) => {
            results.append(&mut custom(l, customs)?);
            return Ok(());
        }
    };
    results.push(one);
    Ok(())
}

/// Layers that calculate are given floats, even where their input is also that of
/// an embedding; those that only move elements, all of one kind.
fn floats<E: Engine>(l: &mut Lowering<'_, E>, layer: &Layer) -> Lowered<E, ()> {
    let elements = |input: &E::Value| l.engine.elements(input);
    if l.inputs
        .iter()
        .all(|input| elements(input) == Elements::Float)
    {
        return Ok(());
    }
    let mut pairs = l.inputs.windows(2);
    let alike = pairs.all(|pair| elements(&pair[0]) == elements(&pair[1]));
    let keeps = layer.moves() && alike;
    if keeps || matches!(layer, Layer::CustomLayer(_)) {
        return Ok(());
    }
    for (place, input) in std::mem::take(&mut l.inputs).into_iter().enumerate() {
        let input = match layer.indices() == Some(place) || layer.takes_either(place) {
            true => input,
            false => l.float_of(input)?,
        };
        l.inputs.push(input);
    }
    Ok(())
}

fn custom<E: Engine>(
    l: &mut Lowering<'_, E>,
    customs: &Customs<E>,
) -> Result<Vec<E::Value>, Fault<E::Error>> {
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
    let made = function(l.engine, call)?;
    let expected: Vec<_> = l
        .results
        .iter()
        .map(|shape| dims_of(shape, l.batch))
        .collect();
    let given: Vec<_> = made.iter().map(|value| l.engine.dims(value)).collect();
    // What no statement has a label for is given up.
    let wrong = expected
        .iter()
        .zip(&given)
        .find(|(expected, given)| expected != given);
    if let Some((expected, given)) = wrong {
        let (expected, given) = (expected.clone(), given.clone());
        return Err(Fault::CustomShape { expected, given });
    }
    if given.len() < expected.len() {
        return Err(Fault::CustomShape {
            expected: expected[given.len()].clone(),
            given: Vec::new(),
        });
    }
    Ok(made.into_iter().take(expected.len()).collect())
}
