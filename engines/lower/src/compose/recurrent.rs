//! Recurrent layers, step by step.

use shapewise_core::layer::recurrent::Cell;

use super::ranked;
use crate::dims::Dim;
use crate::engine::{Direction, Engine, Made, Steps, known};

pub(crate) fn recurrent<E: Engine>(
    e: &mut E,
    x: E::Value,
    cell: Cell,
    directions: Vec<Direction<E::Value>>,
) -> Result<Steps<E::Value>, E::Error> {
    let (mut sequences, mut hidden, mut cells) = (vec![], vec![], vec![]);
    for direction in directions {
        let made = one(e, &x, cell, direction)?;
        // An axis for the direction.
        sequences.push(stacked(e, made.steps, 2)?);
        hidden.push(with_axis(e, made.hidden)?);
        if let Some(state) = made.cell {
            cells.push(with_axis(e, state)?);
        }
    }
    Ok(Steps {
        sequence: joined(e, sequences, 2)?,
        hidden: joined(e, hidden, 1)?,
        cell: match cells.is_empty() {
            true => None,
            false => Some(joined(e, cells, 1)?),
        },
    })
}

/// What one direction makes.
struct One<V> {
    /// The hidden state of every step.
    steps: Vec<V>,
    hidden: V,
    cell: Option<V>,
}

fn one<E: Engine>(
    e: &mut E,
    x: &E::Value,
    cell: Cell,
    direction: Direction<E::Value>,
) -> Result<One<E::Value>, E::Error> {
    let length = known(e, x)[1];
    let shape = known(e, &direction.weight_hh);
    let (rows, state) = (shape[0], shape[1]);
    let features = match cell {
        Cell::Rnn { .. } => rows,
        Cell::Lstm => rows / 4,
        Cell::Gru { .. } => rows / 3,
    };
    let zeros = e.full(&[1, state], 0.0)?;
    let mut hidden = e.per_sample(zeros, x)?;
    let zeros = e.full(&[1, features], 0.0)?;
    let mut memory = e.per_sample(zeros, x)?;
    // What the inputs bring, for all steps in one product.
    let entering = e.linear(x.clone(), direction.weight_ih, direction.bias_ih)?;
    let dims = e.dims(&hidden);
    let weights = Step {
        cell,
        features,
        hidden: direction.weight_hh,
        bias: direction.bias_hh,
        projection: direction.weight_hr,
    };
    let mut steps = Vec::new();
    for step in 0..length {
        let place = match direction.reverse {
            true => length - 1 - step,
            false => step,
        };
        let now = e.slice(entering.clone(), 1, place, place + 1)?;
        let now = e.reshape(now, &[dims[0], Dim::Size(rows)])?;
        (hidden, memory) = weights.step(e, now, hidden, memory)?;
        steps.push(hidden.clone());
    }
    if direction.reverse {
        steps.reverse();
    }
    Ok(One {
        steps,
        hidden,
        cell: matches!(cell, Cell::Lstm).then_some(memory),
    })
}

/// What every step of a direction has in common.
struct Step<V> {
    cell: Cell,
    features: usize,
    hidden: V,
    bias: Option<V>,
    projection: Option<V>,
}

impl<V: Clone> Step<V> {
    /// The hidden and the cell state after a step. `entering` is what its input
    /// brings to the gates.
    fn step<E: Engine<Value = V>>(
        &self,
        e: &mut E,
        entering: V,
        hidden: V,
        memory: V,
    ) -> Result<(V, V), E::Error> {
        match self.cell {
            Cell::Rnn { relu } => {
                let kept = e.linear(hidden, self.hidden.clone(), self.bias.clone())?;
                let sum = e.add(entering, kept)?;
                let y = if relu { e.relu(sum)? } else { e.tanh(sum)? };
                Ok((y, memory))
            }
            Cell::Lstm => {
                let kept = e.linear(hidden, self.hidden.clone(), self.bias.clone())?;
                let sum = e.add(entering, kept)?;
                let input = self.gate(e, &sum, 0)?;
                let input = e.sigmoid(input)?;
                let forget = self.gate(e, &sum, 1)?;
                let forget = e.sigmoid(forget)?;
                let new = self.gate(e, &sum, 2)?;
                let new = e.tanh(new)?;
                let output = self.gate(e, &sum, 3)?;
                let output = e.sigmoid(output)?;
                let kept = e.mul(forget, memory)?;
                let new = e.mul(input, new)?;
                let memory = e.add(kept, new)?;
                let shown = e.tanh(memory.clone())?;
                let mut y = e.mul(output, shown)?;
                if let Some(projection) = &self.projection {
                    y = e.linear(y, projection.clone(), None)?;
                }
                Ok((y, memory))
            }
            Cell::Gru { reset_after } => {
                let y = self.gru(e, &entering, hidden, reset_after)?;
                Ok((y, memory))
            }
        }
    }

    /// The gates are reset, update and new. Source: PyTorch's `GRU`; the reset
    /// before the product is Keras's `reset_after=False`.
    fn gru<E: Engine<Value = V>>(
        &self,
        e: &mut E,
        entering: &V,
        hidden: V,
        reset_after: bool,
    ) -> Made<E> {
        let kept = e.linear(hidden.clone(), self.hidden.clone(), self.bias.clone())?;
        let mut gates = Vec::new();
        for gate in 0..2 {
            let own = self.gate(e, entering, gate)?;
            let other = self.gate(e, &kept, gate)?;
            let sum = e.add(own, other)?;
            gates.push(e.sigmoid(sum)?);
        }
        let update = gates.remove(1);
        let reset = gates.remove(0);
        let kept = if reset_after {
            let kept = self.gate(e, &kept, 2)?;
            e.mul(reset, kept)?
        } else {
            let (start, end) = (2 * self.features, 3 * self.features);
            let weight = e.slice(self.hidden.clone(), 0, start, end)?;
            let bias = match &self.bias {
                Some(bias) => Some(e.slice(bias.clone(), 0, start, end)?),
                None => None,
            };
            let shown = e.mul(reset, hidden.clone())?;
            e.linear(shown, weight, bias)?
        };
        let own = self.gate(e, entering, 2)?;
        let new = e.add(own, kept)?;
        let new = e.tanh(new)?;
        // (1 - z)*n + z*h, as n + z*(h - n).
        let difference = e.sub(hidden, new.clone())?;
        let moved = e.mul(update, difference)?;
        e.add(new, moved)
    }

    fn gate<E: Engine<Value = V>>(&self, e: &mut E, gates: &V, index: usize) -> Made<E> {
        let start = index * self.features;
        e.slice(gates.clone(), 1, start, start + self.features)
    }
}

/// An axis of 1 behind the batch.
fn with_axis<E: Engine>(e: &mut E, x: E::Value) -> Made<E> {
    let mut dims = e.dims(&x);
    dims.insert(1, Dim::Size(1));
    e.reshape(x, &dims)
}

/// The states of all steps, `N x S` each, as `N x L x 1 x S`.
fn stacked<E: Engine>(e: &mut E, steps: Vec<E::Value>, rank: usize) -> Made<E> {
    let mut values = Vec::new();
    for step in steps {
        let step = ranked(e, step, rank)?;
        values.push(with_axis(e, step)?);
    }
    let y = joined(e, values, 1)?;
    let mut dims = e.dims(&y);
    dims.insert(2, Dim::Size(1));
    e.reshape(y, &dims)
}

fn joined<E: Engine>(e: &mut E, mut values: Vec<E::Value>, axis: usize) -> Made<E> {
    match values.len() {
        1 => Ok(values.remove(0)),
        _ => e.concat(values, axis),
    }
}
