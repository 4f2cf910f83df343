//! Fully connected layers.

use shapewise_core::layer::dense::Dense;

use crate::Error;
use crate::layer::Said;
use crate::value::{Dim, Value, sizes};

pub(super) fn say(said: &mut Said<'_>, layer: &Dense) -> Result<Value, Error> {
    let weight = said.weight("weight")?;
    let bias = said.tensor("bias")?;
    match layer {
        Dense::Linear(_) => {
            let x = said.input();
            let x = said.builder.channels_last(&x)?;
            let y = said.builder.linear(&x, &weight, bias.as_ref())?;
            said.builder.back_from_channels_last(&y)
        }
        Dense::Bilinear(bilinear) => {
            let [first, second] = bilinear.in_features;
            let (x, other) = (said.input(), said.inputs[1].clone());
            let out = bilinear.out_features;
            // The first value times all forms at once: a row per form.
            let rows = out.checked_mul(second).ok_or(Error::Overflow)?;
            let forms = said.builder.transpose(&weight, &[1, 0, 2])?;
            let forms = said.builder.reshape(&forms, sizes(&[first, rows]))?;
            let y = said.builder.matmul(&x, &forms);
            let leading = x.dims[..x.rank() - 1].to_vec();
            let with = |last: &[usize]| [leading.clone(), sizes(last)].concat();
            let y = said.builder.reshape(&y, with(&[out, second]))?;
            let other = said.builder.reshape(&other, with(&[second, 1]))?;
            let y = said.builder.matmul(&y, &other);
            let y = said
                .builder
                .reshape(&y, [leading, vec![Dim::Size(out)]].concat())?;
            Ok(match bias {
                Some(bias) => said.builder.binary("Add", &y, &bias),
                None => y,
            })
        }
    }
}
