//! State spaces.

use shapewise_core::layer::state_space::{SelectiveScan, StateSpace};

use crate::compose::ranked;
use crate::dims::{Dim, sizes};
use crate::engine::{Engine, known};
use crate::lowering::{Lowered, Lowering};

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &StateSpace) -> Lowered<E> {
    match layer {
        StateSpace::Selective(layer) => selective(l, layer),
        StateSpace::Recurrence(layer) => {
            let [decay, x] = l.inputs(layer.places);
            recurrence(l.engine, decay, x)
        }
    }
}

/// What every position, axis 1, makes of the state by `decay * state + x`. By doubling: what two
/// neighbours do to the state, then what four do. So there are as many steps as the length has digits,
/// and not as positions.
fn recurrence<E: Engine>(e: &mut E, mut decay: E::Value, mut state: E::Value) -> Lowered<E> {
    let length = known(e, &state)[1];
    let mut reach = 1;
    while reach < length {
        // What was there before, nothing at the start.
        let before = shifted(e, state.clone(), reach)?;
        let before = e.mul(decay.clone(), before)?;
        state = e.add(state, before)?;
        reach *= 2;
        if reach < length {
            let earlier = shifted(e, decay.clone(), reach / 2)?;
            decay = e.mul(decay, earlier)?;
        }
    }
    Ok(state)
}

fn selective<E: Engine>(l: &mut Lowering<'_, E>, layer: &SelectiveScan) -> Lowered<E> {
    let [x, delta, b, c] = l.inputs(layer.places);
    let (a, d) = (l.weight("A_log")?, l.weight("D")?);
    let e = &mut *l.engine;
    let length = known(e, &x)[1];
    let (features, states, groups) = (layer.features, layer.states, layer.groups);
    let batch = e.dims(&x)[0];
    // All features of a head have a step, a decay and a skip in common.
    let heads = layer.heads.unwrap_or(features);
    let each = features / heads;
    let of_heads = [batch, Dim::Size(length), Dim::Size(heads), Dim::Size(1)];
    let delta = e.reshape(delta, &of_heads)?;
    let a = e.exp(a)?;
    let a = e.mul_scalar(a, -1.0)?;
    // `N x L x heads x each x states`, an axis of 1 where all are alike.
    let a = match layer.heads {
        Some(_) => e.reshape(a, &sizes(&[1, 1, heads, 1, 1]))?,
        None => e.reshape(a, &sizes(&[1, 1, heads, 1, states]))?,
    };
    let mut wide = of_heads.to_vec();
    wide.push(Dim::Size(1));
    let step = e.reshape(delta, &wide)?;
    let decay = e.mul(step.clone(), a)?;
    let decay = e.exp(decay)?;
    let own = [
        batch,
        Dim::Size(length),
        Dim::Size(heads),
        Dim::Size(each),
        Dim::Size(1),
    ];
    let input = e.reshape(x.clone(), &own)?;
    let b = by_heads(e, b, [groups, heads, states])?;
    let c = by_heads(e, c, [groups, heads, states])?;
    let change = e.mul(step, input)?;
    let state = e.mul(change, b)?;
    let state = recurrence(e, decay, state)?;
    let read = e.mul(state, c)?;
    let y = e.sum(read, &[4], false)?;
    let dims = e.dims(&x);
    let y = e.reshape(y, &dims)?;
    let apart = [batch, Dim::Size(length), Dim::Size(heads), Dim::Size(each)];
    let skip = e.reshape(x, &apart)?;
    let d = e.reshape(d, &[Dim::Size(heads), Dim::Size(1)])?;
    let d = ranked(e, d, 4)?;
    let skip = e.mul(skip, d)?;
    let skip = e.reshape(skip, &dims)?;
    Ok(e.add(y, skip)?)
}

/// Positions later by so many, zeros in front.
fn shifted<E: Engine>(e: &mut E, x: E::Value, by: usize) -> Lowered<E> {
    let extents = known(e, &x);
    let kept = e.slice(x, 1, 0, extents[1] - by)?;
    let mut padding = vec![(0, 0); extents.len()];
    padding[1] = (by, 0);
    Ok(e.pad_constant(kept, &padding, 0.0)?)
}

/// `N x L x heads x 1 x states` of what groups of heads have in common.
fn by_heads<E: Engine>(e: &mut E, x: E::Value, [groups, heads, states]: [usize; 3]) -> Lowered<E> {
    let dims = e.dims(&x);
    let lead = [dims[0], dims[1]];
    let with = |more: &[usize]| [&lead[..], &sizes(more)].concat();
    if groups == 1 {
        return Ok(e.reshape(x, &with(&[1, 1, states]))?);
    }
    let x = e.reshape(x, &with(&[groups, 1, states]))?;
    let zeros = e.full(&[1, 1, 1, heads / groups, 1], 0.0)?;
    let x = e.add(x, zeros)?;
    Ok(e.reshape(x, &with(&[heads, 1, states]))?)
}
