//! What ptflops counts for a recurrent layer.

use super::{Biases, Cell, Recurrent};
use crate::error::{Error, attempt};
use crate::formula::{product_of, size_product, sum};
use crate::shape::Shape;

/// Weights, biases and the gates' elementwise work, in each step.
///
/// Source: ptflops 0.7.5, `rnn_flops_counter_hook`.
pub(super) const fn macs(layer: &Recurrent, input: &Shape) -> Result<u64, Error> {
    let mut step = 0;
    let mut index = 0;
    while index < layer.layers {
        step = attempt!(sum(step, attempt!(one_layer(layer, index)), WHAT));
        index += 1;
    }
    let length = input.extents().at(0) as u64;
    product_of(&[step, length, layer.directions() as u64], WHAT)
}

/// One step in one direction of a layer.
const fn one_layer(layer: &Recurrent, index: usize) -> Result<u64, Error> {
    let rows = attempt!(size_product(layer.gates(), layer.features, WHAT)) as u64;
    let read = attempt!(sum(
        layer.entering(index) as u64,
        layer.state() as u64,
        WHAT
    ));
    let weights = attempt!(product_of(&[rows, read], WHAT));
    let biases = attempt!(product_of(&[rows, bias_vectors(layer)], WHAT));
    let elementwise = attempt!(product_of(
        &[layer.features as u64, operations(layer)],
        WHAT
    ));
    sum(weights, attempt!(sum(biases, elementwise, WHAT)), WHAT)
}

const fn bias_vectors(layer: &Recurrent) -> u64 {
    match layer.biases {
        Biases::None => 0,
        Biases::Single => 1,
        Biases::Double => 2,
    }
}

/// Elementwise operations per hidden feature.
const fn operations(layer: &Recurrent) -> u64 {
    match layer.cell {
        Cell::Rnn { .. } => 1,
        Cell::Gru { .. } => 7,
        Cell::Lstm => 10,
    }
}

const WHAT: &str = "the number of multiply-accumulates";
