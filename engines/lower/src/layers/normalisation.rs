//! Normalisations.

use shapewise_core::layer::normalisation::{ChannelNorm, HeadWeights, Normalisation};

use crate::compose::normalisation::moments;
use crate::compose::window::ratio;
use crate::dims::Dim;
use crate::engine::{Engine, Norm};
use crate::error::Fault;
use crate::lowering::{Lowered, Lowering};
use crate::run::Update;

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Normalisation) -> Lowered<E> {
    let x = l.input();
    match *layer {
        Normalisation::Layer {
            axes,
            eps,
            heads,
            head_weights,
            ..
        } => {
            let norm = l.norm(eps)?;
            let (norm, own) = apart(norm, head_weights);
            over_last(l, x, axes, heads, own, |e, x| e.layer_norm(x, axes, norm))
        }
        Normalisation::RootMeanSquare {
            axes,
            eps,
            heads,
            head_weights,
            unit_offset,
            ..
        } => {
            let mut norm = l.norm(eps.unwrap_or_else(|| l.engine.epsilon()))?;
            if let Some(weight) = norm.weight.take_if(|_| unit_offset) {
                norm.weight = Some(l.engine.add_scalar(weight, 1.0)?);
            }
            let (norm, own) = apart(norm, head_weights);
            over_last(l, x, axes, heads, own, |e, x| e.rms_norm(x, axes, norm))
        }
        _ => {
            let x = l.channels_first(x)?;
            let y = of_channels(l, layer, x)?;
            Ok(l.back_from_channels_first(y)?)
        }
    }
}

/// What looks at the channels, which are axis 1.
fn of_channels<E: Engine>(
    l: &mut Lowering<'_, E>,
    layer: &Normalisation,
    x: E::Value,
) -> Lowered<E> {
    match *layer {
        Normalisation::Batch(ref norm) => {
            let axes: Vec<_> = (0..l.engine.dims(&x).len())
                .filter(|axis| *axis != 1)
                .collect();
            if l.training() && !norm.frozen || !norm.statistics.tracked {
                of_batch(l, norm, x, &axes)
            } else {
                tracked(l, norm, x)
            }
        }
        Normalisation::Instance(ref norm) => {
            if !l.training() && norm.statistics.tracked {
                return tracked(l, norm, x);
            }
            let axes: Vec<_> = (2..l.engine.dims(&x).len()).collect();
            let count = several(l, &x, &axes)?;
            if norm.statistics.tracked {
                let (mean, variance) = moments(l.engine, &x, &axes)?;
                let mean = of_samples(l, norm, mean)?;
                let variance = of_samples(l, norm, variance)?;
                keep(l, norm, count, mean, variance)?;
            }
            let norm = l.norm(norm.eps)?;
            Ok(l.engine.instance_norm(x, norm)?)
        }
        Normalisation::Group { groups, eps, .. } => {
            let norm = l.norm(eps)?;
            Ok(l.engine.group_norm(x, groups, norm)?)
        }
        Normalisation::LocalResponse {
            size,
            alpha,
            beta,
            k,
        } => Ok(l.engine.local_response_norm(x, size, [alpha, beta, k])?),
        Normalisation::Layer { .. } | Normalisation::RootMeanSquare { .. } => Ok(x),
    }
}

/// By the statistics that were kept.
fn tracked<E: Engine>(l: &mut Lowering<'_, E>, norm: &ChannelNorm, x: E::Value) -> Lowered<E> {
    let (mean, variance) = (l.weight("running_mean")?, l.weight("running_var")?);
    let norm = l.norm(norm.eps)?;
    Ok(l.engine.batch_norm(x, mean, variance, norm)?)
}

/// By the statistics of the batch, which are kept where they are tracked.
fn of_batch<E: Engine>(
    l: &mut Lowering<'_, E>,
    norm: &ChannelNorm,
    x: E::Value,
    axes: &[usize],
) -> Lowered<E> {
    let count = several(l, &x, axes)?;
    let learned = l.norm(norm.eps)?;
    let [y, mean, variance] = l.engine.batch_norm_train(x, learned)?;
    if norm.statistics.tracked {
        keep(l, norm, count, mean, variance)?;
        // PyTorch's instance normalisation has a count, too, and leaves it at 0.
        l.update(crate::weights::COUNTER, Update::Increment);
    }
    Ok(y)
}

/// How many values a statistic is of, where that is known.
fn count<E: Engine>(l: &Lowering<'_, E>, x: &E::Value, axes: &[usize]) -> Option<usize> {
    let dims = l.engine.dims(x);
    let mut axes = axes.iter();
    axes.try_fold(1usize, |count, &axis| count.checked_mul(dims[axis].size()?))
}

/// How many values a statistic is of, which is not one.
fn several<E: Engine>(
    l: &Lowering<'_, E>,
    x: &E::Value,
    axes: &[usize],
) -> Lowered<E, Option<usize>> {
    match count(l, x, axes) {
        Some(0 | 1) => Err(Fault::OneValue),
        count => Ok(count),
    }
}

/// The mean of the samples' statistics, one for each channel.
fn of_samples<E: Engine>(
    l: &mut Lowering<'_, E>,
    norm: &ChannelNorm,
    value: E::Value,
) -> Lowered<E> {
    let value = l.engine.mean(value, &[0], true)?;
    let channels = [Dim::Size(norm.statistics.channels)];
    Ok(l.engine.reshape(value, &channels)?)
}

/// Updates the running statistics by those of a batch, of so many values each. The
/// variance that is kept is the unbiased one. Source: PyTorch's `batch_norm` and
/// `instance_norm`.
fn keep<E: Engine>(
    l: &mut Lowering<'_, E>,
    norm: &ChannelNorm,
    count: Option<usize>,
    mean: E::Value,
    variance: E::Value,
) -> Lowered<E, ()> {
    let Some(count) = count else {
        return Err(Fault::Unsupported(
            "how many samples there are is not known",
        ));
    };
    let unbiased = ratio(count, count - 1);
    let statistics = [
        ("running_mean", mean, 1.0),
        ("running_var", variance, unbiased),
    ];
    for (name, value, factor) in statistics {
        let value = l.engine.detach(value)?;
        let value = l.engine.mul_scalar(value, norm.momentum * factor)?;
        let old = l.buffer(name)?;
        let old = l.engine.mul_scalar(old, 1.0 - norm.momentum)?;
        let new = l.engine.add(old, value)?;
        l.update(name, Update::Value(new));
    }
    Ok(())
}

/// What heads normalise by, and what is multiplied and added behind it, where each has its own.
fn apart<V: Clone>(norm: Norm<V>, weights: HeadWeights) -> (Norm<V>, [Option<V>; 2]) {
    match weights {
        HeadWeights::Shared => (norm, [None, None]),
        HeadWeights::Joined | HeadWeights::Separate => {
            let own = [norm.weight, norm.bias];
            let norm = Norm {
                weight: None,
                bias: None,
                ..norm
            };
            (norm, own)
        }
    }
}

/// Over the notation's last axes, which what is learned has, too. Over all axes
/// both are channels first.
fn over_last<E: Engine>(
    l: &mut Lowering<'_, E>,
    x: E::Value,
    axes: usize,
    heads: usize,
    [weight, bias]: [Option<E::Value>; 2],
    normalised: impl FnOnce(&mut E, E::Value) -> Result<E::Value, E::Error>,
) -> Lowered<E> {
    if heads > 1 {
        let x = l.channels_last(x)?;
        let dims = l.engine.dims(&x);
        let mut apart = dims.clone();
        let each = l.shapes[0].channels() / heads;
        apart.truncate(dims.len() - 1);
        apart.extend([Dim::Size(heads), Dim::Size(each)]);
        let x = l.engine.reshape(x, &apart)?;
        let mut y = normalised(l.engine, x)?;
        let mut own = vec![Dim::Size(1); dims.len() - 1];
        own.extend([Dim::Size(heads), Dim::Size(each)]);
        if let Some(weight) = weight {
            let weight = l.engine.reshape(weight, &own)?;
            y = l.engine.mul(y, weight)?;
        }
        if let Some(bias) = bias {
            let bias = l.engine.reshape(bias, &own)?;
            y = l.engine.add(y, bias)?;
        }
        let y = l.engine.reshape(y, &dims)?;
        return Ok(l.back_from_channels_last(y)?);
    }
    if axes == l.shapes[0].rank() {
        return Ok(normalised(l.engine, x)?);
    }
    let x = l.channels_last(x)?;
    let y = normalised(l.engine, x)?;
    Ok(l.back_from_channels_last(y)?)
}
