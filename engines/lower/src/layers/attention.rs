//! Attention.

use shapewise_core::layer::attention::{Attention, DotProduct, MultiHead};

use super::{transformer, window};
use crate::compose::ranked;
use crate::dims::Dim;
use crate::engine::{Engine, known};
use crate::error::Fault;
use crate::lowering::{Lowered, Lowering, product};

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Attention) -> Lowered<E> {
    match layer {
        Attention::MultiHead(attention) => match &attention.window {
            Some(local) => window::lower(l, attention, local),
            None => {
                let sources = l.inputs(attention.places);
                multihead(l, attention, sources, vec![])
            }
        },
        Attention::DotProduct(attention) => dot_product(l, attention),
        Attention::Transformer(layer) => transformer::lower(l, layer),
    }
}

/// How many heads there are, how wide, and the probability of dropping a share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heads {
    pub(super) queries: usize,
    pub(super) keys: usize,
    pub(super) head_dim: usize,
    pub(super) value_dim: usize,
    pub(super) dropout: f64,
}

fn dot_product<E: Engine>(l: &mut Lowering<'_, E>, attention: &DotProduct) -> Lowered<E> {
    let [q, k, v] = l.inputs(attention.places);
    let heads = Heads {
        queries: attention.heads,
        keys: attention.kv_heads,
        head_dim: attention.head_dim,
        value_dim: attention.value_dim,
        dropout: attention.dropout,
    };
    let masks = match attention.causal {
        true => vec![causal(l, &q, &k, 0)?],
        false => vec![],
    };
    products(l, [q, k, v], heads, masks)
}

/// Attention with its projections, of values whose last axes are positions and
/// features. `added` is added to the scores.
pub(super) fn multihead<E: Engine>(
    l: &mut Lowering<'_, E>,
    attention: &MultiHead,
    sources: [E::Value; 3],
    added: Vec<E::Value>,
) -> Lowered<E> {
    let heads = Heads {
        queries: attention.heads,
        keys: attention.kv_heads,
        head_dim: attention.head_dim,
        value_dim: attention.value_dim,
        dropout: attention.dropout,
    };
    let rows = [
        heads.queries * heads.head_dim,
        heads.keys * heads.head_dim,
        heads.keys * heads.value_dim,
    ];
    let swin = attention.window.is_some();
    let packed = attention.is_packed();
    let bias = l.tensor(match (swin && packed, attention.bias) {
        (true, _) => "qkv.bias",
        (false, _) => "in_proj_bias",
    })?;
    let [q, k, v] = sources;
    let mut masks = added;
    if attention.causal {
        let more = usize::from(attention.add_bias_kv) + usize::from(attention.add_zero_attn);
        masks.push(causal(l, &q, &k, more)?);
    }
    let itself = attention.places == [0; 3] || swin;
    let [q, mut k, mut v] = if packed {
        let name = if swin { "qkv.weight" } else { "in_proj_weight" };
        let weight = l.weight(name)?;
        packed_projection(l, [q, k, v], weight, bias, &rows, itself)?
    } else {
        let names = ["q_proj_weight", "k_proj_weight", "v_proj_weight"];
        let mut weights = Vec::new();
        for name in names {
            weights.push(l.weight(name)?);
        }
        projections(l, [q, k, v], weights, bias, &rows)?
    };
    if attention.add_bias_kv {
        k = one_more(l, k, "bias_k")?;
        v = one_more(l, v, "bias_v")?;
    }
    if attention.add_zero_attn {
        let padding = [(0, 0), (0, 1), (0, 0)];
        k = l.engine.pad_constant(k, &padding, 0.0)?;
        v = l.engine.pad_constant(v, &padding, 0.0)?;
    }
    let y = products(l, [q, k, v], heads, masks)?;
    let weight = l.weight(if swin {
        "proj.weight"
    } else {
        "out_proj.weight"
    })?;
    let bias = l.tensor(if swin { "proj.bias" } else { "out_proj.bias" })?;
    Ok(l.engine.linear(y, weight, bias)?)
}

/// A value with a learned position at the end.
fn one_more<E: Engine>(l: &mut Lowering<'_, E>, x: E::Value, name: &str) -> Lowered<E> {
    let one = l.weight(name)?;
    let one = l.engine.per_sample(one, &x)?;
    Ok(l.engine.concat(vec![x, one], 1)?)
}

/// Queries, keys and values by a weight that holds all three: in one product, where
/// they come from the same value. The gradient of a part is as large as the whole, so
/// that with gradients the weight is taken apart, not what comes of every position.
pub(super) fn packed_projection<E: Engine>(
    l: &mut Lowering<'_, E>,
    sources: [E::Value; 3],
    weight: E::Value,
    bias: Option<E::Value>,
    rows: &[usize],
    itself: bool,
) -> Lowered<E, [E::Value; 3]> {
    if itself && !l.engine.tracks_gradients() {
        let [x, ..] = sources;
        let all = l.engine.linear(x, weight, bias)?;
        let axis = l.engine.dims(&all).len() - 1;
        let parts = l.engine.split(all, axis, rows)?;
        return parts.try_into().map_err(|_| Fault::Overflow);
    }
    let weights = l.engine.split(weight, 0, rows)?;
    projections(l, sources, weights, bias, rows)
}

/// Queries, keys and values by a weight each, and parts of a bias.
fn projections<E: Engine>(
    l: &mut Lowering<'_, E>,
    sources: [E::Value; 3],
    weights: Vec<E::Value>,
    bias: Option<E::Value>,
    rows: &[usize],
) -> Lowered<E, [E::Value; 3]> {
    let biases = match bias {
        Some(bias) => l.engine.split(bias, 0, rows)?,
        None => vec![],
    };
    let mut biases = biases.into_iter();
    let mut projected = Vec::new();
    for (source, weight) in sources.into_iter().zip(weights) {
        projected.push(l.engine.linear(source, weight, biases.next())?);
    }
    projected.try_into().map_err(|_| Fault::Overflow)
}

/// `softmax(q*k'/sqrt(d) + masks)*v` for each head; the heads side by side again.
pub(super) fn products<E: Engine>(
    l: &mut Lowering<'_, E>,
    [q, k, v]: [E::Value; 3],
    heads: Heads,
    masks: Vec<E::Value>,
) -> Lowered<E> {
    // Several heads of queries can share one of keys and values: then the heads
    // are two axes, and the second of keys and values is repeated.
    let each = heads.queries / heads.keys;
    let (first, other) = match each {
        1 => (vec![heads.queries], vec![heads.queries]),
        _ => (vec![heads.keys, each], vec![heads.keys, 1]),
    };
    let q = apart(l, q, &first, heads.head_dim)?;
    let k = apart(l, k, &other, heads.head_dim)?;
    let v = apart(l, v, &other, heads.value_dim)?;
    let rank = l.engine.dims(&q).len();
    let mut mask: Option<E::Value> = None;
    for one in masks {
        let one = ranked(l.engine, one, rank)?;
        mask = Some(match mask {
            Some(mask) => l.engine.add(mask, one)?,
            None => one,
        });
    }
    let dropout = if l.training() { heads.dropout } else { 0.0 };
    let y = l
        .engine
        .scaled_dot_product_attention([q, k, v], mask, dropout)?;
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

/// What keeps queries from seeing later keys. Keys that the layer adds at the end are
/// seen by all.
pub(super) fn causal<E: Engine>(
    l: &mut Lowering<'_, E>,
    q: &E::Value,
    k: &E::Value,
    more: usize,
) -> Lowered<E> {
    let (queries, keys) = (known(l.engine, q)[1], known(l.engine, k)[1]);
    Ok(l.engine.causal_mask(queries, keys, more)?)
}
