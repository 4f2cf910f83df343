//! Normalisations of the last axes by candle's own operations, which have no gradient.

use candle_core::{Result, Tensor};
use candle_nn::ops;
use shapewise_lower::Norm;

#[expect(clippy::cast_possible_truncation, reason = "what candle takes")]
pub(crate) fn layer_norm(x: &Tensor, axes: usize, norm: &Norm<Tensor>) -> Result<Tensor> {
    let y = flat(x, axes)?;
    // candle takes the variance for the mean of squares less the square of the mean, which
    // loses digits where the mean is large; so it is taken off first.
    let y = y.broadcast_sub(&y.mean_keepdim(y.rank() - 1)?)?;
    let weight = learned(norm.weight.as_ref(), &y, 1.0)?;
    let bias = learned(norm.bias.as_ref(), &y, 0.0)?;
    ops::layer_norm(&y, &weight, &bias, norm.eps as f32)?.reshape(x.shape())
}

#[expect(clippy::cast_possible_truncation, reason = "what candle takes")]
pub(crate) fn rms_norm(x: &Tensor, axes: usize, norm: &Norm<Tensor>) -> Result<Tensor> {
    let y = flat(x, axes)?;
    let weight = learned(norm.weight.as_ref(), &y, 1.0)?;
    ops::rms_norm(&y, &weight, norm.eps as f32)?.reshape(x.shape())
}

/// All of the last axes as one.
fn flat(x: &Tensor, axes: usize) -> Result<Tensor> {
    x.flatten_from(x.rank() - axes)?.contiguous()
}

/// What is learned, or what changes nothing: candle's operations must have it.
fn learned(value: Option<&Tensor>, x: &Tensor, otherwise: f64) -> Result<Tensor> {
    match value {
        Some(value) => value.flatten_all()?.contiguous(),
        None => {
            let extents = [x.dim(x.rank() - 1)?];
            crate::engine::filled(&extents, otherwise, x.dtype(), x.device())
        }
    }
}
