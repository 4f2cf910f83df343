//! Tables of learned vectors.

use shapewise_core::layer::embedding::Embedding;

use crate::dims::sizes;
use crate::engine::Engine;
use crate::lowering::{Lowered, Lowering, with_front};

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Embedding) -> Lowered<E> {
    let x = l.input();
    match layer {
        Embedding::Lookup { padding_idx, .. } => {
            let places = l.channels_last(x)?;
            let table = l.weight("weight")?;
            let y = l.engine.embedding(table, places, *padding_idx)?;
            // Vectors and sequences of indices become sequences and images.
            Ok(l.back_from_channels_last(y)?)
        }
        Embedding::Positional { table, batch_axis } => {
            let mut weight = l.weight("")?;
            if !batch_axis {
                weight = l.engine.reshape(weight, &sizes(&with_front(1, table)))?;
            }
            let length = l.shapes[0].extents().at(0);
            if length < table.at(0) {
                weight = l.engine.slice(weight, 1, 0, length)?;
            }
            let weight = l.back_from_channels_last(weight)?;
            Ok(l.engine.add(x, weight)?)
        }
        Embedding::ClassToken { .. } => {
            let token = l.weight("")?;
            let tokens = l.engine.per_sample(token, &x)?;
            Ok(l.engine.concat(vec![tokens, x], 1)?)
        }
    }
}
