//! Recurrent layers.

use shapewise_core::layer::recurrent::Cell;
use shapewise_lower::{Dim, Direction, Elements, Operations, Steps};

use super::{Onnx, Operand};
use crate::Error;
use crate::builder::Attribute;
use crate::value::{Value, int};

/// Why a projection is refused.
pub(super) const NO_PROJECTION: &str = "its `LSTM` has no projection of the hidden state";

impl Onnx {
    /// One layer of a stack. The operators have the steps in front.
    pub(super) fn all_steps(
        &mut self,
        x: Operand,
        cell: Cell,
        directions: Vec<Direction<Operand>>,
    ) -> Result<Steps<Operand>, Error> {
        let x = self.permute(x, &[1, 0, 2])?;
        let x = self.solid(x)?;
        let (mut inputs, mut states, mut biases) = (vec![], vec![], vec![]);
        let ways: Vec<_> = directions.iter().map(|way| way.reverse).collect();
        for direction in directions {
            if direction.weight_hr.is_some() {
                return Err(self.unsupported(NO_PROJECTION));
            }
            inputs.push(self.gates(direction.weight_ih, cell)?);
            states.push(self.gates(direction.weight_hh, cell)?);
            if let Some(own) = direction.bias_ih {
                let own = self.gates(own, cell)?;
                let other = match direction.bias_hh {
                    Some(other) => self.gates(other, cell)?,
                    None => {
                        let zeros = self.full(&[1, own.size(1)], 0.0)?;
                        self.solid(zeros)?
                    }
                };
                biases.push(self.builder.concat(&[own, other], 1)?);
            }
        }
        let weight = self.builder.concat(&inputs, 0)?;
        let state = self.builder.concat(&states, 0)?;
        let bias = match biases.is_empty() {
            true => None,
            false => Some(self.builder.concat(&biases, 0)?),
        };
        let features = state.size(2);
        let mut attributes = vec![("hidden_size", Attribute::Int(int(features)?))];
        match ways.as_slice() {
            [false] => {}
            [true] => attributes.push(("direction", Attribute::Text("reverse"))),
            _ => attributes.push(("direction", Attribute::Text("bidirectional"))),
        }
        let operator = match cell {
            Cell::Rnn { relu } => {
                let activation = if relu { "Relu" } else { "Tanh" };
                let activations = Attribute::Texts(vec![activation; ways.len()]);
                attributes.push(("activations", activations));
                "RNN"
            }
            Cell::Lstm => "LSTM",
            Cell::Gru { reset_after } => {
                attributes.push(("linear_before_reset", Attribute::Int(reset_after.into())));
                "GRU"
            }
        };
        let last = vec![Dim::Size(ways.len()), x.dims[1], Dim::Size(features)];
        let every = [&x.dims[..1], &last].concat();
        let mut results = vec![(Elements::Float, every), (Elements::Float, last.clone())];
        results.extend((cell == Cell::Lstm).then_some((Elements::Float, last)));
        let inputs = [Some(&x), Some(&weight), Some(&state), bias.as_ref()];
        let inputs = match bias.is_some() {
            true => &inputs,
            false => &inputs[..3],
        };
        let made = self
            .builder
            .node_with(operator, inputs, attributes, &results);
        let mut made = made.into_iter().map(Operand::from);
        let (Some(sequence), Some(hidden)) = (made.next(), made.next()) else {
            return Err(Error::Overflow);
        };
        let cell = made.next();
        Ok(Steps {
            sequence: self.permute(sequence, &[2, 0, 1, 3])?,
            hidden: self.permute(hidden, &[1, 0, 2])?,
            cell: cell
                .map(|cell| self.permute(cell, &[1, 0, 2]))
                .transpose()?,
        })
    }

    /// A tensor with its gates in ONNX's order, and an axis for the direction in
    /// front.
    fn gates(&mut self, tensor: Operand, cell: Cell) -> Result<Value, Error> {
        let tensor = self.solid(tensor)?;
        // PyTorch's LSTM: input, forget, cell, output; ONNX's: input, output, forget,
        // cell. PyTorch's GRU: reset, update, new; ONNX's: update, reset, new.
        let order: &[usize] = match cell {
            Cell::Rnn { .. } => &[0],
            Cell::Lstm => &[0, 3, 1, 2],
            Cell::Gru { .. } => &[1, 0, 2],
        };
        let mut dims = tensor.dims.clone();
        dims.insert(0, Dim::Size(1));
        let ordered = match order {
            [_] => tensor,
            _ => {
                let parts = vec![tensor.size(0) / order.len(); order.len()];
                let parts = self.builder.split(&tensor, 0, &parts)?;
                let parts: Vec<_> = order.iter().map(|&place| parts[place].clone()).collect();
                self.builder.concat(&parts, 0)?
            }
        };
        self.builder.reshape(&ordered, dims)
    }
}
