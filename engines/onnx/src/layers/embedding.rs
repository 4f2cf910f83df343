//! Tables of learned vectors.

use shapewise_core::layer::embedding::Embedding;

use crate::Error;
use crate::layer::Said;
use crate::value::{Elements, Value, sizes};

pub(super) fn say(said: &mut Said<'_>, layer: &Embedding) -> Result<Value, Error> {
    let x = said.input();
    match layer {
        Embedding::Lookup { .. } => {
            let mut places = x;
            if places.elements != Elements::Indices {
                places = said.builder.cast(&places, Elements::Indices);
            }
            let places = said.builder.channels_last(&places)?;
            let weight = said.weight("weight")?;
            let y = said.builder.gather(&weight, &places, 0)?;
            // Vectors and sequences of indices become sequences and images.
            said.builder.back_from_channels_last(&y)
        }
        Embedding::Positional { table, batch_axis } => {
            let mut weight = said.weight("")?;
            if !batch_axis {
                let extents = [&[1], table.as_slice()].concat();
                weight = said.builder.reshape(&weight, sizes(&extents))?;
            }
            let length = said.shapes[0].extents().at(0);
            let weight = said.builder.slice(&weight, 1, 0, length)?;
            let weight = said.builder.back_from_channels_last(&weight)?;
            Ok(said.builder.binary("Add", &x, &weight))
        }
        Embedding::ClassToken { .. } => {
            let token = said.weight("")?;
            let tokens = said.builder.per_sample(&token, &x)?;
            said.builder.concat(&[tokens, x], 1)
        }
    }
}
