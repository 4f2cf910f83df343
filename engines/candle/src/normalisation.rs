//! Normalisations of the last axes, by candle's own where no gradients are wanted of them.

use candle_core::{Result, Tensor};
use candle_nn::ops;
use shapewise_lower::Norm;

/// All of the last axes as one.
fn flat(x: &Tensor, axes: usize) -> Result<Tensor> {
    x.flatten_from(x.rank() - axes)?.contiguous()
}

/// What is learned, which candle's own operations must have.
fn learned(
    value: Option<&Tensor>,
    x: &Tensor,
    otherwise: fn(&Tensor) -> Result<Tensor>,
) -> Result<Tensor> {
    match value {
        Some(value) => value.flatten_all()?.contiguous(),
        None => otherwise(
            &x.narrow(0, 0, 1)?
                .flatten_all()?
                .narrow(0, 0, x.dim(x.rank() - 1)?)?,
        ),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "what candle takes")]
pub(crate) fn layer_norm(
    x: &Tensor,
    axes: usize,
    norm: &Norm<Tensor>,
    gradients: bool,
) -> Result<Tensor> {
    let y = flat(x, axes)?;
    let y = if gradients {
        let last = y.rank() - 1;
        let centred = y.broadcast_sub(&y.mean_keepdim(last)?)?;
        let variance = centred.sqr()?.mean_keepdim(last)?;
        let y = centred.broadcast_div(&(variance + norm.eps)?.sqrt()?)?;
        scaled(y, norm)?
    } else {
        let weight = learned(norm.weight.as_ref(), &y, Tensor::ones_like)?;
        let bias = learned(norm.bias.as_ref(), &y, Tensor::zeros_like)?;
        ops::layer_norm(&y, &weight, &bias, norm.eps as f32)?
    };
    y.reshape(x.shape())
}

#[expect(clippy::cast_possible_truncation, reason = "what candle takes")]
pub(crate) fn rms_norm(
    x: &Tensor,
    axes: usize,
    norm: &Norm<Tensor>,
    gradients: bool,
) -> Result<Tensor> {
    let y = flat(x, axes)?;
    let y = if gradients {
        let squares = y.sqr()?.mean_keepdim(y.rank() - 1)?;
        let y = y.broadcast_div(&(squares + norm.eps)?.sqrt()?)?;
        scaled(y, norm)?
    } else {
        let weight = learned(norm.weight.as_ref(), &y, Tensor::ones_like)?;
        ops::rms_norm(&y, &weight, norm.eps as f32)?
    };
    y.reshape(x.shape())
}

/// What is learned after a normalisation of the last axis.
fn scaled(y: Tensor, norm: &Norm<Tensor>) -> Result<Tensor> {
    let y = match &norm.weight {
        Some(weight) => y.broadcast_mul(&weight.flatten_all()?)?,
        None => y,
    };
    match &norm.bias {
        Some(bias) => y.broadcast_add(&bias.flatten_all()?),
        None => Ok(y),
    }
}
