//! Mixtures of experts.

use shapewise_core::layer::mixture::{ExpertActivation, Mixture, Projections, Router};

use crate::compose::movement::places;
use crate::compose::{ranked, swapped};
use crate::dims::{Dim, sizes};
use crate::engine::{Engine, known};
use crate::lowering::{Lowered, Lowering};

/// All experts calculate all positions; by the score of 0 what a position does not use is
/// left out.
pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Mixture) -> Lowered<E> {
    let x = l.input();
    let own = l.engine.dims(&x);
    // A vector is one position.
    let x = match own.len() {
        2 => l.engine.reshape(x, &[own[0], Dim::Size(1), own[1]])?,
        _ => x,
    };
    let shared = match layer.shared {
        Some(_) => Some(shared_expert(l, layer, x.clone())?),
        None => None,
    };
    let weights = routed(l, &layer.router, layer.active, x.clone())?;
    let y = match layer.projections {
        Projections::Joined => experts(l, layer, x, weights)?,
        Projections::Separate => {
            apart(l, layer, ["gate_proj", "up_proj", "down_proj"], x, weights)?
        }
        Projections::Numbered if layer.gated => apart(l, layer, ["w1", "w3", "w2"], x, weights)?,
        Projections::Numbered => apart(l, layer, ["", "w1", "w2"], x, weights)?,
    };
    let y = match shared {
        Some(shared) => l.engine.add(y, shared)?,
        None => y,
    };
    Ok(l.engine.reshape(y, &own)?)
}

fn activated<E: Engine>(e: &mut E, x: E::Value, activation: ExpertActivation) -> Lowered<E> {
    Ok(match activation {
        ExpertActivation::Silu => e.silu(x)?,
        ExpertActivation::Gelu => e.gelu(x, false)?,
        ExpertActivation::GeluTanh => e.gelu(x, true)?,
        ExpertActivation::QuickGelu => {
            let gate = e.mul_scalar(x.clone(), 1.702)?;
            let gate = e.sigmoid(gate)?;
            e.mul(x, gate)?
        }
        ExpertActivation::Relu => e.relu(x)?,
        ExpertActivation::SquaredRelu => {
            let x = e.relu(x)?;
            e.mul(x.clone(), x)?
        }
    })
}

/// The expert that all positions use.
fn shared_expert<E: Engine>(l: &mut Lowering<'_, E>, layer: &Mixture, x: E::Value) -> Lowered<E> {
    let weight = l.weight("shared_experts.gate_proj.weight")?;
    let gate = l.engine.linear(x.clone(), weight, None)?;
    let gate = activated(l.engine, gate, layer.activation)?;
    let weight = l.weight("shared_experts.up_proj.weight")?;
    let up = l.engine.linear(x.clone(), weight, None)?;
    let y = l.engine.mul(gate, up)?;
    let weight = l.weight("shared_experts.down_proj.weight")?;
    let y = l.engine.linear(y, weight, None)?;
    if !layer.shared_gate {
        return Ok(y);
    }
    let weight = l.weight("shared_expert_gate.weight")?;
    let gate = l.engine.linear(x, weight, None)?;
    let gate = l.engine.sigmoid(gate)?;
    Ok(l.engine.mul(y, gate)?)
}

/// The score of each expert for each position, `N x L x E`; 0 of those that it does not use.
fn routed<E: Engine>(
    l: &mut Lowering<'_, E>,
    router: &Router,
    active: usize,
    x: E::Value,
) -> Lowered<E> {
    let (weight, bias) = (l.weight("gate.weight")?, l.tensor("gate.bias")?);
    let logits = l.engine.linear(x, weight, bias)?;
    let scores = match router.sigmoid {
        true => l.engine.sigmoid(logits)?,
        false => l.engine.softmax(logits, 2)?,
    };
    let chosen_by = match router.correction_bias {
        true => {
            let bias = l.buffer("gate.e_score_correction_bias")?;
            let bias = ranked(l.engine, bias, 3)?;
            l.engine.add(scores.clone(), bias)?
        }
        false => scores.clone(),
    };
    let e = &mut *l.engine;
    let mut chosen_by = e.detach(chosen_by)?;
    if router.active_groups < router.groups {
        let dims = e.dims(&chosen_by);
        let each = known(e, &chosen_by)[2] / router.groups;
        let apart = [dims[0], dims[1], Dim::Size(router.groups), Dim::Size(each)];
        let groups = e.reshape(chosen_by.clone(), &apart)?;
        let best = match router.by_two && each > 1 {
            true => {
                let two = highest(e, groups.clone(), 2)?;
                let best = e.mul(groups, two)?;
                e.sum(best, &[3], false)?
            }
            false => e.max(groups, &[3], false)?,
        };
        let used = highest(e, best, router.active_groups)?;
        let used = e.reshape(
            used,
            &[dims[0], dims[1], Dim::Size(router.groups), Dim::Size(1)],
        )?;
        let all = e.full(&[1, 1, 1, each], 0.0)?;
        let used = e.add(used, all)?;
        let used = e.reshape(used, &dims)?;
        // Far below every score, so that none of another group is chosen.
        let away = e.add_scalar(used, -1.0)?;
        let away = e.mul_scalar(away, 1e9)?;
        chosen_by = e.add(chosen_by, away)?;
    }
    let used = highest(e, chosen_by, active)?;
    let mut weights = e.mul(scores, used)?;
    if router.normalize {
        let sum = e.sum(weights.clone(), &[2], true)?;
        weights = e.div(weights, sum)?;
    }
    match router.scale {
        1.0 => Ok(weights),
        scale => Ok(e.mul_scalar(weights, scale)?),
    }
}

/// 1 where an element is among the `count` highest of the last axis, else 0; of equals the first is
/// the higher.
fn highest<E: Engine>(e: &mut E, x: E::Value, count: usize) -> Lowered<E> {
    let dims = e.dims(&x);
    let rank = dims.len();
    let extent = known(e, &x)[rank - 1];
    let with = |last: [usize; 2]| {
        let last = last.map(Dim::Size);
        [&dims[..rank - 1], &last[..]].concat()
    };
    // Rows are compared with columns.
    let rows = e.reshape(x.clone(), &with([extent, 1]))?;
    let columns = e.reshape(x, &with([1, extent]))?;
    let ahead = e.sub(columns, rows)?;
    let higher = e.greater_scalar(ahead.clone(), 0.0)?;
    let higher = e.to_float(higher)?;
    let behind = e.mul_scalar(ahead, -1.0)?;
    let lower = e.greater_scalar(behind, 0.0)?;
    let lower = e.to_float(lower)?;
    // Equals count where they stand before.
    let (row, column) = (
        places(e, extent, [extent, 1])?,
        places(e, extent, [1, extent])?,
    );
    let before = e.sub(row, column)?;
    let before = e.greater_scalar(before, 0.0)?;
    let before = e.to_float(before)?;
    let before = ranked(e, before, rank + 1)?;
    let equal = e.add(higher.clone(), lower)?;
    let equal = e.mul_scalar(equal, -1.0)?;
    let equal = e.add_scalar(equal, 1.0)?;
    let equal = e.mul(equal, before)?;
    let above = e.add(higher, equal)?;
    let above = e.sum(above, &[rank], false)?;
    #[expect(clippy::cast_precision_loss, reason = "few experts")]
    let rest = e.greater_scalar(above, count as f64 - 0.5)?;
    let rest = e.to_float(rest)?;
    let rest = e.mul_scalar(rest, -1.0)?;
    Ok(e.add_scalar(rest, 1.0)?)
}

/// The sum of what the experts make of each position, by their scores.
fn experts<E: Engine>(
    l: &mut Lowering<'_, E>,
    layer: &Mixture,
    x: E::Value,
    weights: E::Value,
) -> Lowered<E> {
    let (up, up_bias) = match layer.gated {
        true => ("experts.gate_up_proj", "experts.gate_up_proj_bias"),
        false => ("experts.up_proj", "experts.up_proj_bias"),
    };
    let dims = l.engine.dims(&x);
    let mut x = l
        .engine
        .reshape(x, &[dims[0], Dim::Size(1), dims[1], dims[2]])?;
    // Experts are in front of the positions.
    let weights = l.engine.permute(weights, &[0, 2, 1])?;
    let mut of_experts = l.engine.dims(&weights);
    of_experts.push(Dim::Size(1));
    let weights = l.engine.reshape(weights, &of_experts)?;
    if layer.router.weigh_inputs {
        x = l.engine.mul(x, weights.clone())?;
    }
    let y = product(l, layer, x, up, up_bias)?;
    let e = &mut *l.engine;
    let y = if layer.gated {
        let (gate, up) = halves(e, layer, y)?;
        multiplied(e, layer, gate, up)?
    } else {
        activated(e, y, layer.activation)?
    };
    let mut y = product(l, layer, y, "experts.down_proj", "experts.down_proj_bias")?;
    if !layer.router.weigh_inputs {
        y = l.engine.mul(y, weights)?;
    }
    Ok(l.engine.sum(y, &[1], false)?)
}

/// Gates times what they let through.
fn multiplied<E: Engine>(e: &mut E, layer: &Mixture, gate: E::Value, up: E::Value) -> Lowered<E> {
    let (gate, up) = match layer.limit {
        Some(limit) => (
            e.clamp(gate, f64::NEG_INFINITY, limit)?,
            e.clamp(up, -limit, limit)?,
        ),
        None => (gate, up),
    };
    let gate = activated(e, gate, layer.activation)?;
    let up = match layer.up_offset {
        0.0 => up,
        offset => e.add_scalar(up, offset)?,
    };
    Ok(e.mul(gate, up)?)
}

/// The same of experts with tensors of their own: one after the other, by what their linear layers are
/// called.
fn apart<E: Engine>(
    l: &mut Lowering<'_, E>,
    layer: &Mixture,
    names: [&str; 3],
    x: E::Value,
    weights: E::Value,
) -> Lowered<E> {
    let mut sum: Option<E::Value> = None;
    for expert in 0..layer.experts {
        let linear = |l: &mut Lowering<'_, E>, name: &str, x: E::Value| -> Lowered<E> {
            let weight = l.weight(&format!("experts.{expert}.{name}.weight"))?;
            let bias = l.tensor(&format!("experts.{expert}.{name}.bias"))?;
            Ok(l.engine.linear(x, weight, bias)?)
        };
        let up = linear(l, names[1], x.clone())?;
        let y = if layer.gated {
            let gate = linear(l, names[0], x.clone())?;
            multiplied(l.engine, layer, gate, up)?
        } else {
            activated(l.engine, up, layer.activation)?
        };
        let y = linear(l, names[2], y)?;
        let weight = l.engine.slice(weights.clone(), 2, expert, expert + 1)?;
        let y = l.engine.mul(y, weight)?;
        sum = Some(match sum {
            Some(sum) => l.engine.add(sum, y)?,
            None => y,
        });
    }
    Ok(sum.unwrap_or(x))
}

/// `N x E x L x F` by the weight of each expert.
fn product<E: Engine>(
    l: &mut Lowering<'_, E>,
    layer: &Mixture,
    x: E::Value,
    weight: &str,
    bias: &str,
) -> Lowered<E> {
    let weight = l.weight(weight)?;
    let weight = match layer.transposed {
        true => weight,
        false => swapped(l.engine, weight, 1, 2)?,
    };
    let weight = ranked(l.engine, weight, 4)?;
    let y = l.engine.matmul(x, weight)?;
    match l.tensor(bias)? {
        Some(bias) => {
            let extents = known(l.engine, &bias);
            let bias = l
                .engine
                .reshape(bias, &sizes(&[1, extents[0], 1, extents[1]]))?;
            Ok(l.engine.add(y, bias)?)
        }
        None => Ok(y),
    }
}

/// Gates, and what they are multiplied with.
fn halves<E: Engine>(e: &mut E, layer: &Mixture, x: E::Value) -> Lowered<E, (E::Value, E::Value)> {
    let features = layer.features;
    if layer.interleaved {
        let mut dims = e.dims(&x);
        dims.truncate(3);
        dims.extend([Dim::Size(features), Dim::Size(2)]);
        let pairs = e.reshape(x, &dims)?;
        return Ok((e.at(pairs.clone(), 4, 0)?, e.at(pairs, 4, 1)?));
    }
    let gate = e.slice(x.clone(), 3, 0, features)?;
    Ok((gate, e.slice(x, 3, features, 2 * features)?))
}
