//! Products with weights, and of attention.

use burn::tensor::ops::AttentionModuleOptions;
use burn::tensor::{Tensor, activation, module};
use shapewise_lower::Engine;

use crate::Failure;
use crate::engine::{Burn, float};
use crate::value::{Ranked, Value, any, both, same, vector};

/// `x * weight' + bias` on the last axis. Burn's weight has the features that go in first,
/// and a transposed one of more than two axes would be copied: all positions are rows.
pub(crate) fn linear(
    x: Value,
    weight: Value,
    bias: Option<Value>,
    gradients: bool,
) -> Result<Value, Failure> {
    let weight = match float(weight)? {
        Ranked::D2(weight) => weight,
        other => return Err(Failure::Ranks(2, other.extents().len())),
    };
    let bias = bias.map(vector).transpose()?;
    if gradients && x.extents().iter().rev().skip(1).all(|&extent| extent == 1) {
        return of_one_row(x, weight, bias);
    }
    let weight = match gradients {
        true => compact(weight),
        false => weight,
    };
    let weight = weight.transpose();
    let x = match float(x)? {
        Ranked::D2(x) => return Ok(module::linear(x, weight, bias).into()),
        other => other,
    };
    let [features_in, features_out] = weight.dims();
    let mut extents = x.extents();
    if let Some(last) = extents.last_mut() {
        *last = features_out;
    }
    let rows = extents.iter().rev().skip(1).product();
    let x = any!(x, x => x.reshape([rows, features_in]));
    let y = Ranked::D2(module::linear(x, weight, bias));
    Ok(Value::Float(y.reshaped(&extents)?))
}

/// [`linear`] of one row: as a column it goes behind the weight, whose gradient lies as the
/// weight does then, without a copy.
fn of_one_row(x: Value, weight: Tensor<2>, bias: Option<Tensor<1>>) -> Result<Value, Failure> {
    let mut extents = x.extents();
    let [features_out, features_in] = weight.dims();
    if let Some(last) = extents.last_mut() {
        *last = features_out;
    }
    let x = any!(float(x)?, x => x.reshape([features_in, 1]));
    let y = weight.matmul(x).reshape([features_out]);
    let y = match bias {
        Some(bias) => y + bias,
        None => y,
    };
    Ok(Value::Float(Ranked::D1(y).reshaped(&extents)?))
}

/// The same weight, whose gradient is laid out as it is. The gradient of a transposition
/// is a transposed view, which an optimiser would go through one element after the other;
/// a change of shape, here to the same one, copies it once.
fn compact(weight: Tensor<2>) -> Tensor<2> {
    let extents = weight.dims();
    weight.reshape(extents)
}

/// `softmax(q*k'/sqrt(d) + mask) * v`. Burn's own knows neither dropout nor two axes of
/// heads, and with gradients it is of the same operations.
pub(crate) fn attention(
    engine: &mut Burn,
    [q, k, v]: [Value; 3],
    mask: Option<Value>,
    dropout: f64,
) -> Result<Value, Failure> {
    let (q, k, v) = (float(q)?, float(k)?, float(v)?);
    let alone = mask.is_none() && dropout == 0.0 && !engine.tracks_gradients();
    let (q, k, v) = match (q, k, v) {
        (Ranked::D4(q), Ranked::D4(k), Ranked::D4(v)) if alone => {
            let options = AttentionModuleOptions::default();
            return Ok(module::attention(q, k, v, None, None, options).into());
        }
        others => others,
    };
    #[expect(clippy::cast_precision_loss, reason = "a factor in floating point")]
    let scale = q
        .extents()
        .last()
        .map_or(1.0, |dim| 1.0 / (*dim as f64).sqrt());
    // The scores, which lie as they were computed, not the queries, which are views.
    let scores: Ranked = both!(q, k, (q, k) => q.matmul(k.transpose()).mul_scalar(scale))?;
    let scores = match mask {
        Some(mask) => both!(scores, float(mask)?, (scores, mask) => scores + mask)?,
        None => scores,
    };
    let last = scores.extents().len() - 1;
    let shares = same!(scores, scores => activation::softmax(scores, last));
    let shares = match dropout > 0.0 {
        true => float(engine.dropout(Value::Float(shares), dropout)?)?,
        false => shares,
    };
    Ok(Value::Float(
        both!(shares, v, (shares, v) => shares.matmul(v))?,
    ))
}
