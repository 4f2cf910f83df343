//! Recurrent layers.

use shapewise_core::layer::recurrent::{Biases, Cell, MergeMode, Recurrent};

use crate::Error;
use crate::builder::Attribute;
use crate::layer::Said;
use crate::value::{Dim, Elements, Value, int, sizes};

pub(super) fn say(said: &mut Said<'_>, layer: &Recurrent) -> Result<Vec<Value>, Error> {
    if layer.projection.is_some() {
        return Err(said.unsupported("its `LSTM` has no projection of the hidden state"));
    }
    let x = said.input();
    // The operators have the steps in front.
    let mut x = said.builder.transpose(&x, &[1, 0, 2])?;
    let (mut hidden, mut cells) = (vec![], vec![]);
    let mut last = None;
    for index in 0..layer.layers {
        let made = one(said, layer, index, &x)?;
        x = joined(said, layer, &made.steps, 1)?;
        last = Some(made.hidden.clone());
        hidden.push(made.hidden);
        cells.extend(made.cell);
    }
    let first = match (layer.return_sequence, last) {
        (false, Some(last)) => joined(said, layer, &last, 0)?,
        _ => said.builder.transpose(&x, &[1, 0, 2])?,
    };
    let mut results = vec![first];
    for states in [hidden, cells] {
        if said.results.len() > results.len() && !states.is_empty() {
            let states = said.builder.concat(&states, 0)?;
            results.push(said.builder.transpose(&states, &[1, 0, 2])?);
        }
    }
    Ok(results)
}

/// What one layer of the stack makes.
struct Made {
    /// Every step: steps, directions, batch, features.
    steps: Value,
    /// The last hidden state: directions, batch, features.
    hidden: Value,
    /// The last cell state of an LSTM.
    cell: Option<Value>,
}

/// One layer of the stack.
fn one(said: &mut Said<'_>, layer: &Recurrent, index: usize, x: &Value) -> Result<Made, Error> {
    let directions = layer.directions();
    let suffixes: &[_] = if layer.bidirectional {
        &["", "_reverse"]
    } else {
        &[""]
    };
    let (mut inputs, mut states, mut biases) = (vec![], vec![], vec![]);
    for suffix in suffixes {
        inputs.push(gates(said, layer, &format!("weight_ih_l{index}{suffix}"))?);
        states.push(gates(said, layer, &format!("weight_hh_l{index}{suffix}"))?);
        if layer.biases != Biases::None {
            let own = gates(said, layer, &format!("bias_ih_l{index}{suffix}"))?;
            let other = match layer.biases {
                Biases::Double => gates(said, layer, &format!("bias_hh_l{index}{suffix}"))?,
                _ => {
                    let rows = own.size(1);
                    let zero = said.builder.number(0.0);
                    let target = int(rows)?;
                    let target = said.builder.list(&[1, target]);
                    let dims = sizes(&[1, rows]);
                    said.builder.node("Expand", &[&zero, &target], vec![], dims)
                }
            };
            biases.push(said.builder.concat(&[own, other], 1)?);
        }
    }
    let weight = said.builder.concat(&inputs, 0)?;
    let state = said.builder.concat(&states, 0)?;
    let bias = match biases.is_empty() {
        true => None,
        false => Some(said.builder.concat(&biases, 0)?),
    };
    let mut attributes = vec![("hidden_size", Attribute::Int(int(layer.features)?))];
    if layer.bidirectional {
        attributes.push(("direction", Attribute::Text("bidirectional")));
    }
    let operator = match layer.cell {
        Cell::Rnn { relu } => {
            let activation = if relu { "Relu" } else { "Tanh" };
            attributes.push((
                "activations",
                Attribute::Texts(vec![activation; directions]),
            ));
            "RNN"
        }
        Cell::Lstm => "LSTM",
        Cell::Gru { reset_after } => {
            attributes.push(("linear_before_reset", Attribute::Int(reset_after.into())));
            "GRU"
        }
    };
    let mut every = x.dims[..1].to_vec();
    every.extend([Dim::Size(directions), Dim::Batch, Dim::Size(layer.features)]);
    let state_dims = every[1..].to_vec();
    let mut results = vec![
        (Elements::Numbers, every),
        (Elements::Numbers, state_dims.clone()),
    ];
    if layer.cell == Cell::Lstm {
        results.push((Elements::Numbers, state_dims));
    }
    let inputs = [Some(x), Some(&weight), Some(&state), bias.as_ref()];
    let inputs = if bias.is_some() {
        &inputs[..]
    } else {
        &inputs[..3]
    };
    let made = said
        .builder
        .node_with(operator, inputs, attributes, &results);
    Ok(Made {
        steps: made[0].clone(),
        hidden: made[1].clone(),
        cell: made.get(2).cloned(),
    })
}

/// A tensor with its gates in ONNX's order, and an axis for the direction in
/// front.
fn gates(said: &mut Said<'_>, layer: &Recurrent, name: &str) -> Result<Value, Error> {
    let tensor = said.weight(name)?;
    // PyTorch's LSTM: input, forget, cell, output; ONNX's: input, output, forget,
    // cell. PyTorch's GRU: reset, update, new; ONNX's: update, reset, new.
    let order: &[usize] = match layer.cell {
        Cell::Rnn { .. } => &[0],
        Cell::Lstm => &[0, 3, 1, 2],
        Cell::Gru { .. } => &[1, 0, 2],
    };
    let mut dims = tensor.dims.clone();
    dims.insert(0, Dim::Size(1));
    let ordered = match order {
        [_] => tensor,
        _ => {
            let parts = vec![layer.features; order.len()];
            let parts = said.builder.split(&tensor, 0, &parts)?;
            let parts: Vec<_> = order.iter().map(|&place| parts[place].clone()).collect();
            said.builder.concat(&parts, 0)?
        }
    };
    said.builder.reshape(&ordered, dims)
}

/// The directions of what a layer made, which are the axis `axis`, as one.
fn joined(said: &mut Said<'_>, layer: &Recurrent, y: &Value, axis: usize) -> Result<Value, Error> {
    if !layer.bidirectional {
        let mut dims = y.dims.clone();
        dims.remove(axis);
        return said.builder.reshape(y, dims);
    }
    let operator = match layer.merge_mode {
        MergeMode::Sum => "ReduceSum",
        MergeMode::Mul => "ReduceProd",
        MergeMode::Average => "ReduceMean",
        MergeMode::Concat => {
            // The directions next to the features, then both as one axis.
            let mut order: Vec<_> = (0..y.rank()).collect();
            order.swap(axis, axis + 1);
            let y = said.builder.transpose(y, &order)?;
            let mut dims = y.dims[..=axis].to_vec();
            dims.push(Dim::Size(layer.width()));
            return said.builder.reshape(&y, dims);
        }
    };
    said.builder.reduce(operator, y, &[axis], false)
}
