//! Fully connected layers, and what belongs to no family.

use shapewise_core::layer::dense::Dense;
use shapewise_core::layer::other::Other;

use crate::compose::ranked;
use crate::dims::Dim;
use crate::engine::Engine;
use crate::layers::parametrization;
use crate::lowering::{Lowered, Lowering, product};

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Dense) -> Lowered<E> {
    let parametrization = match layer {
        Dense::Linear(linear) => linear.parametrization,
        Dense::Bilinear(bilinear) => bilinear.parametrization,
    };
    let weight = parametrization::weight(l, parametrization.as_ref())?;
    let bias = l.tensor("bias")?;
    match layer {
        Dense::Linear(linear) => {
            let weight = match linear.transposed {
                true => l.engine.permute(weight, &[1, 0])?,
                false => weight,
            };
            let x = l.input();
            let x = l.channels_last(x)?;
            let y = l.engine.linear(x, weight, bias)?;
            Ok(l.back_from_channels_last(y)?)
        }
        Dense::Bilinear(bilinear) => {
            let [first, second] = bilinear.in_features;
            let [x, other] = l.inputs([0, 1]);
            let out = bilinear.out_features;
            // The first value times all forms at once: a row per form.
            let rows = product::<E>(&[out, second])?;
            let forms = l.engine.permute(weight, &[0, 2, 1])?;
            let forms = l
                .engine
                .reshape(forms, &[Dim::Size(rows), Dim::Size(first)])?;
            let y = l.engine.linear(x, forms, None)?;
            let leading = l.engine.dims(&other);
            let leading = &leading[..leading.len() - 1];
            let with = |last: &[usize]| {
                let last = last.iter().copied().map(Dim::Size);
                leading.iter().copied().chain(last).collect::<Vec<_>>()
            };
            let y = l.engine.reshape(y, &with(&[out, second]))?;
            let other = l.engine.reshape(other, &with(&[second, 1]))?;
            let y = l.engine.matmul(y, other)?;
            let y = l.engine.reshape(y, &with(&[out]))?;
            match bias {
                Some(bias) => {
                    let bias = ranked(l.engine, bias, leading.len() + 1)?;
                    Ok(l.engine.add(y, bias)?)
                }
                None => Ok(y),
            }
        }
    }
}

pub(super) fn other<E: Engine>(l: &mut Lowering<'_, E>, layer: &Other) -> Lowered<E> {
    let x = l.input();
    match layer {
        Other::Scale { .. } => {
            let scale = l.weight("")?;
            let rank = l.engine.dims(&x).len();
            let scale = l.along_channels(scale, rank)?;
            Ok(l.engine.mul(x, scale)?)
        }
        Other::Identity | Other::KvCache { .. } => Ok(x),
    }
}
