//! Normalisations that burn has kernels for.

use burn::tensor::{Device, Tensor, module};
use shapewise_lower::Norm;

use crate::Failure;
use crate::engine::float;
use crate::value::{Ranked, Value, same, vector};

/// Layer normalisation of the last axes, so many together: burn's is of one.
pub(crate) fn layer_norm(
    x: Value,
    axes: usize,
    norm: Norm<Value>,
    device: &Device,
) -> Result<Value, Failure> {
    let extents = x.extents();
    let (kept, last) = extents.split_at(extents.len().saturating_sub(axes));
    let features = last.iter().product();
    let weight = match norm.weight {
        Some(weight) => list(weight, features)?,
        None => Tensor::ones([features], device),
    };
    let bias = norm.bias.map(|bias| list(bias, features)).transpose()?;
    let x = float(x)?;
    if axes == 1 {
        let y = same!(x, x => module::layer_norm(x, weight, bias, norm.eps));
        return Ok(Value::Float(y));
    }
    let x = x.reshaped(&[kept, &[features]].concat())?;
    let y = same!(x, x => module::layer_norm(x, weight, bias, norm.eps));
    Ok(Value::Float(y.reshaped(&extents)?))
}

/// A learned tensor as a list.
fn list(value: Value, features: usize) -> Result<Tensor<1>, Failure> {
    match float(value)?.reshaped(&[features])? {
        Ranked::D1(tensor) => Ok(tensor),
        other => Err(Failure::Ranks(1, other.extents().len())),
    }
}

/// Batch normalisation by the batch's own statistics, which come out as lists; the
/// gradient needs only `x`.
pub(crate) fn batch_norm_train(
    x: Value,
    norm: Norm<Value>,
    device: &Device,
) -> Result<[Value; 3], Failure> {
    let channels = x.extents().get(1).copied().unwrap_or(0);
    let weight = match norm.weight {
        Some(weight) => vector(weight)?,
        None => Tensor::ones([channels], device),
    };
    let bias = match norm.bias {
        Some(bias) => vector(bias)?,
        None => Tensor::zeros([channels], device),
    };
    let (mean, variance);
    let y = same!(float(x)?, x => {
        let done = module::batch_norm_train(x, weight, bias, norm.eps);
        (mean, variance) = (done.mean, done.variance);
        done.output
    });
    Ok([Value::Float(y), mean.into(), variance.into()])
}
