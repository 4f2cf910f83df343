//! Sequences of images.

use shapewise_core::layer::conv_recurrent::ConvRecurrent;

use crate::dims::Dim;
use crate::engine::{Conv, Engine, known};
use crate::lowering::{Lowered, Lowering, pairs};

/// Frame after frame, as it is defined.
pub(super) fn lower<E: Engine>(
    l: &mut Lowering<'_, E>,
    layer: &ConvRecurrent,
) -> Lowered<E, Vec<E::Value>> {
    let x = l.input();
    let (weight, bias) = (l.weight("conv.weight")?, l.tensor("conv.bias")?);
    let padding = pairs(&layer.window.padding);
    let options = Conv {
        stride: &[1; 2],
        padding: &padding,
        dilation: &[1; 2],
        groups: 1,
    };
    let wanted = l.results.len();
    let e = &mut *l.engine;
    let extents = known(e, &x);
    let (frames, height, width) = (extents[2], extents[3], extents[4]);
    let zeros = e.full(&[1, layer.channels, height, width], 0.0)?;
    let mut hidden = e.per_sample(zeros, &x)?;
    let mut cell = hidden.clone();
    let mut sequence = Vec::new();
    for frame in 0..frames {
        let now = e.at(x.clone(), 2, frame)?;
        let read = e.concat(vec![now, hidden], 1)?;
        let gates = e.conv(read, weight.clone(), bias.clone(), &options)?;
        let gate = |e: &mut E, place: usize| {
            let start = place * layer.channels;
            e.slice(gates.clone(), 1, start, start + layer.channels)
        };
        let input = gate(e, 0)?;
        let input = e.sigmoid(input)?;
        let forget = gate(e, 1)?;
        let forget = e.sigmoid(forget)?;
        let output = gate(e, 2)?;
        let output = e.sigmoid(output)?;
        let new = gate(e, 3)?;
        let new = e.tanh(new)?;
        let kept = e.mul(forget, cell)?;
        let new = e.mul(input, new)?;
        cell = e.add(kept, new)?;
        let shown = e.tanh(cell.clone())?;
        hidden = e.mul(output, shown)?;
        if layer.return_sequence {
            let mut dims = e.dims(&hidden);
            dims.insert(2, Dim::Size(1));
            sequence.push(e.reshape(hidden.clone(), &dims)?);
        }
    }
    let first = match sequence.len() {
        0 => hidden.clone(),
        1 => sequence.remove(0),
        _ => e.concat(sequence, 2)?,
    };
    let mut results = vec![first, hidden, cell];
    results.truncate(wanted);
    Ok(results)
}
