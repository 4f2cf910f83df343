//! Recurrent layers.

use shapewise_core::layer::recurrent::{MergeMode, Recurrent};

use crate::dims::Dim;
use crate::engine::{Direction, Engine};
use crate::lowering::{Lowered, Lowering};

pub(super) fn lower<E: Engine>(
    l: &mut Lowering<'_, E>,
    layer: &Recurrent,
) -> Lowered<E, Vec<E::Value>> {
    let mut x = l.input();
    let (mut hidden, mut cells) = (vec![], vec![]);
    let mut last = None;
    for index in 0..layer.layers {
        let directions = directions(l, layer, index)?;
        let made = l.engine.recurrent(x, layer.cell, directions)?;
        x = merged(l, layer, made.sequence, 2)?;
        if index + 1 < layer.layers && l.training() && layer.dropout > 0.0 {
            x = l.engine.dropout(x, layer.dropout)?;
        }
        last = Some(made.hidden.clone());
        hidden.push(made.hidden);
        cells.extend(made.cell);
    }
    let first = match (layer.return_sequence, last) {
        (false, Some(last)) => merged(l, layer, last, 1)?,
        _ => x,
    };
    let mut results = vec![first];
    for mut states in [hidden, cells] {
        if l.results.len() > results.len() && !states.is_empty() {
            results.push(match states.len() {
                1 => states.remove(0),
                _ => l.engine.concat(states, 1)?,
            });
        }
    }
    Ok(results)
}

/// The tensors of one layer of the stack.
fn directions<E: Engine>(
    l: &mut Lowering<'_, E>,
    layer: &Recurrent,
    index: usize,
) -> Lowered<E, Vec<Direction<E::Value>>> {
    let directions = [("", false), ("_reverse", true)];
    directions
        .into_iter()
        .take(layer.directions())
        .map(|(suffix, reverse)| {
            let name = |stem: &str| format!("{stem}_l{index}{suffix}");
            Ok(Direction {
                reverse,
                weight_ih: l.weight(&name("weight_ih"))?,
                weight_hh: l.weight(&name("weight_hh"))?,
                bias_ih: l.tensor(&name("bias_ih"))?,
                bias_hh: l.tensor(&name("bias_hh"))?,
                weight_hr: l.tensor(&name("weight_hr"))?,
            })
        })
        .collect()
}

/// The directions, an axis in front of the features, as one.
fn merged<E: Engine>(
    l: &mut Lowering<'_, E>,
    layer: &Recurrent,
    y: E::Value,
    axis: usize,
) -> Lowered<E> {
    let mut dims = l.engine.dims(&y);
    dims.truncate(axis);
    dims.push(Dim::Size(layer.width()));
    Ok(match layer.merge_mode {
        MergeMode::Concat => l.engine.reshape(y, &dims)?,
        MergeMode::Sum => l.engine.sum(y, &[axis], false)?,
        MergeMode::Average => l.engine.mean(y, &[axis], false)?,
        MergeMode::Mul => {
            let first = l.engine.slice(y.clone(), axis, 0, 1)?;
            let both = match layer.bidirectional {
                true => {
                    let second = l.engine.slice(y, axis, 1, 2)?;
                    l.engine.mul(first, second)?
                }
                false => first,
            };
            l.engine.reshape(both, &dims)?
        }
    })
}
