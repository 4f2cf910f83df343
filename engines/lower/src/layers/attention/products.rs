//! The products of attention, head by head.

use shapewise_core::layer::attention::Scores;

use crate::compose::{activation, ranked, scores};
use crate::dims::Dim;
use crate::engine::Engine;
use crate::lowering::{Lowered, Lowering, product};

/// How many heads there are, how wide, and the probability of dropping a share.
#[derive(Clone, Copy, Debug)]
pub(in crate::layers) struct Heads {
    pub(in crate::layers) queries: usize,
    pub(in crate::layers) keys: usize,
    pub(in crate::layers) head_dim: usize,
    pub(in crate::layers) value_dim: usize,
    pub(in crate::layers) dropout: f64,
}

/// `softmax(q*k'/sqrt(d) + masks)*v` for each head; the heads side by side again.
pub(in crate::layers) fn products<E: Engine>(
    l: &mut Lowering<'_, E>,
    qkv: [E::Value; 3],
    heads: Heads,
    masks: Vec<E::Value>,
) -> Lowered<E> {
    scored(l, qkv, heads, masks, &Scores::PLAIN, [None, None])
}

/// [`products`] whose scores are changed. `sinks` and `factors` have a number for each head, of every
/// sample or (`factors`) of all.
pub(super) fn scored<E: Engine>(
    l: &mut Lowering<'_, E>,
    [q, k, v]: [E::Value; 3],
    heads: Heads,
    masks: Vec<E::Value>,
    scores: &Scores,
    [sinks, factors]: [Option<E::Value>; 2],
) -> Lowered<E> {
    // Several heads of queries can share one of keys and values: then the heads
    // are two axes, and the second of keys and values is repeated.
    let each = heads.queries / heads.keys;
    let (first, other) = match each {
        1 => (vec![heads.queries], vec![heads.queries]),
        _ => (vec![heads.keys, each], vec![heads.keys, 1]),
    };
    let mut q = apart(l, q, &first, heads.head_dim)?;
    let mut k = apart(l, k, &other, heads.head_dim)?;
    let v = apart(l, v, &other, heads.value_dim)?;
    let rank = l.engine.dims(&q).len();
    if scores.cosine {
        q = activation::normalized(l.engine, q, rank - 1, 2.0, SMALLEST)?;
        k = activation::normalized(l.engine, k, rank - 1, 2.0, SMALLEST)?;
    }
    if scores.cosine || scores.scale.is_some() {
        // Engines divide by the root themselves.
        #[expect(clippy::cast_precision_loss, reason = "a factor in floating point")]
        let root = (heads.head_dim as f64).sqrt();
        q = l.engine.mul_scalar(q, scores.scale.unwrap_or(1.0) * root)?;
    }
    if let Some(factors) = factors {
        let samples = l.engine.dims(&factors)[0];
        let mut dims = vec![Dim::Size(1); rank];
        dims[0] = samples;
        for (place, &heads) in first.iter().enumerate() {
            dims[rank - 2 - first.len() + place] = Dim::Size(heads);
        }
        let factors = l.engine.reshape(factors, &dims)?;
        q = l.engine.mul(q, factors)?;
    }
    let mut mask: Option<E::Value> = None;
    for one in masks {
        let one = by_heads(l, one, &first)?;
        let one = ranked(l.engine, one, rank)?;
        mask = Some(match mask {
            Some(mask) => l.engine.add(mask, one)?,
            None => one,
        });
    }
    let dropout = if l.training() { heads.dropout } else { 0.0 };
    let y = match (scores.softcap, sinks) {
        (None, None) => l
            .engine
            .scaled_dot_product_attention([q, k, v], mask, dropout)?,
        (softcap, sinks) => {
            let sinks = match sinks {
                Some(sinks) => {
                    let mut dims = vec![l.batch];
                    dims.extend(first.iter().copied().map(Dim::Size));
                    dims.extend([Dim::Size(1), Dim::Size(1)]);
                    Some(l.engine.reshape(sinks, &dims)?)
                }
                None => None,
            };
            scores::attention(l.engine, [q, k, v], mask, softcap, sinks, dropout)?
        }
    };
    // Positions in front of the heads, then all heads as one axis.
    let axes = first.len();
    let lead = rank - axes - 2;
    let mut order: Vec<_> = (0..lead).collect();
    order.push(rank - 2);
    order.extend(lead..lead + axes);
    order.push(rank - 1);
    let y = l.engine.permute(y, &order)?;
    let mut dims = l.engine.dims(&y);
    dims.truncate(lead + 1);
    dims.push(Dim::Size(product::<E>(&[heads.queries, heads.value_dim])?));
    Ok(l.engine.reshape(y, &dims)?)
}

/// What a length is at least, to divide by. Source: PyTorch's `normalize`.
const SMALLEST: f64 = 1e-12;

/// What is added to the scores, with the heads on as many axes as they are.
fn by_heads<E: Engine>(l: &mut Lowering<'_, E>, mask: E::Value, heads: &[usize]) -> Lowered<E> {
    let mut dims = l.engine.dims(&mask);
    // `queries x keys`, or these behind the heads, or those behind samples or windows.
    let (3..=5, [_, _]) = (dims.len(), heads) else {
        return Ok(mask);
    };
    let axis = dims.len() - 3;
    // One for each head, or alike for all; else they are on two axes already.
    let all = Dim::Size(product::<E>(heads)?);
    if dims[axis] != all && dims[axis] != Dim::Size(1) {
        return Ok(mask);
    }
    dims.splice(axis..=axis, headed(dims[axis], heads));
    Ok(l.engine.reshape(mask, &dims)?)
}

/// The axis of all heads as one for each of their axes.
fn headed(all: Dim, heads: &[usize]) -> Vec<Dim> {
    let alike = all == Dim::Size(1);
    let axes = heads.iter().map(|&axis| if alike { 1 } else { axis });
    axes.map(Dim::Size).collect()
}

/// The features as heads, in front of the positions.
fn apart<E: Engine>(
    l: &mut Lowering<'_, E>,
    x: E::Value,
    heads: &[usize],
    dim: usize,
) -> Lowered<E> {
    let mut dims = l.engine.dims(&x);
    let lead = dims.len() - 2;
    dims.truncate(lead + 1);
    dims.extend(heads.iter().copied().map(Dim::Size));
    dims.push(Dim::Size(dim));
    let rank = dims.len();
    let y = l.engine.reshape(x, &dims)?;
    let mut order: Vec<_> = (0..lead).collect();
    order.extend(lead + 1..=lead + heads.len());
    order.push(lead);
    order.push(rank - 1);
    Ok(l.engine.permute(y, &order)?)
}
