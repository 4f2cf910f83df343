//! Activations.

use shapewise_core::layer::activation::{Activation, Along, Triangle};

use crate::compose::{activation, index, scores};
use crate::engine::Engine;
use crate::lowering::{Lowered, Lowering, axis_of};

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Activation) -> Lowered<E> {
    let x = l.input();
    let rank = l.shapes[0].rank();
    let axis = |along: &Along| axis_of(along.place, rank);
    let e = &mut *l.engine;
    Ok(match layer {
        Activation::Relu => e.relu(x)?,
        Activation::Relu6 => e.clamp(x, 0.0, 6.0)?,
        Activation::LeakyRelu { slope } => e.leaky_relu(x, *slope)?,
        Activation::PRelu(slope) => {
            let weight = l.weight("weight")?;
            let rank = rank + 1;
            let weight = match slope.parameters {
                1 => crate::compose::ranked(l.engine, weight, rank)?,
                _ => l.along_channels(weight, rank)?,
            };
            l.engine.prelu(x, weight)?
        }
        Activation::Elu { alpha } => e.elu(x, *alpha)?,
        Activation::Selu => e.selu(x)?,
        Activation::Celu { alpha } => e.celu(x, *alpha)?,
        Activation::Gelu { tanh } => e.gelu(x, *tanh)?,
        Activation::Silu => e.silu(x)?,
        Activation::Mish => e.mish(x)?,
        Activation::Sigmoid => e.sigmoid(x)?,
        Activation::HardSigmoid => e.hard_sigmoid(x)?,
        Activation::HardSwish => e.hard_swish(x)?,
        Activation::Tanh => e.tanh(x)?,
        Activation::Softplus { beta, threshold } => e.softplus(x, *beta, *threshold)?,
        Activation::Softsign => e.softsign(x)?,
        Activation::Softmax(along) => e.softmax(x, axis(along))?,
        Activation::LogSoftmax(along) => e.log_softmax(x, axis(along))?,
        Activation::Glu(along) => e.glu(x, axis(along))?,
        Activation::Softmin(along) => {
            let x = e.mul_scalar(x, -1.0)?;
            e.softmax(x, axis(along))?
        }
        Activation::QuickGelu => {
            let gate = e.mul_scalar(x.clone(), 1.702)?;
            let gate = e.sigmoid(gate)?;
            e.mul(x, gate)?
        }
        Activation::SquaredRelu => {
            let x = e.relu(x)?;
            e.mul(x.clone(), x)?
        }
        Activation::HardTanh { least, most } | Activation::Clamp { least, most } => {
            e.clamp(x, *least, *most)?
        }
        Activation::Threshold { threshold, value } => {
            activation::threshold(e, x, *threshold, *value)?
        }
        Activation::Tril(triangle) => triangular(l, x, triangle, false)?,
        Activation::Triu(triangle) => triangular(l, x, triangle, true)?,
        Activation::Abs => e.abs(x)?,
        Activation::Exp => e.exp(x)?,
        Activation::Log => e.log(x)?,
        Activation::Sqrt => e.sqrt(x)?,
        Activation::Square => e.mul(x.clone(), x)?,
        Activation::Neg => e.mul_scalar(x, -1.0)?,
        Activation::Reciprocal => e.pow_scalar(x, -1.0)?,
        Activation::Floor => activation::floor(e, x)?,
        Activation::Ceil => {
            let x = e.mul_scalar(x, -1.0)?;
            let below = activation::floor(e, x)?;
            e.mul_scalar(below, -1.0)?
        }
        Activation::Sign => activation::sign(e, x)?,
        Activation::Sin => e.sin(x)?,
        Activation::Cos => e.cos(x)?,
        Activation::Pow { exponent } => e.pow_scalar(x, *exponent)?,
        Activation::Rescale { factor, offset } => activation::rescaled(e, x, *factor, *offset)?,
        Activation::Softcap { cap } => scores::capped(e, x, *cap)?,
        Activation::Normalize { along, p, eps } => {
            let axis = axis(along);
            activation::normalized(e, x, axis, *p, *eps)?
        }
    })
}

/// A triangle of the last two axes.
fn triangular<E: Engine>(
    l: &mut Lowering<'_, E>,
    x: E::Value,
    triangle: &Triangle,
    upper: bool,
) -> Lowered<E> {
    let x = l.channels_last(x)?;
    let diagonal = index(triangle.diagonal).saturating_sub(index(triangle.below));
    let x = l.engine.triangle(x, diagonal, upper)?;
    Ok(l.back_from_channels_last(x)?)
}
