//! Attention.

use shapewise_core::layer::attention::{
    Attention, DotProduct, HeadNorm, MultiHead, RelativePositionBias, Rotary, RotaryEmbedding,
    RotaryScaling, Scores,
};

use super::{transformer, window};
use crate::compose::{ranked, rotary, scores};
use crate::dims::Dim;
use crate::engine::{Engine, Norm, known};
use crate::error::Fault;
use crate::lowering::{Lowered, Lowering, product};

pub(super) fn lower<E: Engine>(l: &mut Lowering<'_, E>, layer: &Attention) -> Lowered<E> {
    match layer {
        Attention::MultiHead(attention) => match &attention.window {
            Some(local) => window::lower(l, attention, local),
            None => {
                let mask = attention.scores.mask.map(|place| l.inputs[place].clone());
                let sources = l.inputs(attention.places);
                let mut added = Vec::new();
                if let Some(mask) = mask {
                    added.push(given(l, mask)?);
                }
                multihead(l, attention, sources, added)
            }
        },
        Attention::DotProduct(attention) => dot_product(l, attention),
        Attention::Transformer(layer) => transformer::lower(l, layer),
        Attention::Rotary(layer) => rotary_embedding(l, layer),
        Attention::RelativeBias(layer) => relative_bias(l, layer),
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
    let heads = Heads {
        queries: attention.heads,
        keys: attention.kv_heads,
        head_dim: attention.head_dim,
        value_dim: attention.value_dim,
        dropout: attention.dropout,
    };
    let read =
        |l: &Lowering<'_, E>, place: Option<usize>| place.map(|place| l.inputs[place].clone());
    let scores = &attention.scores;
    let (mask, sinks) = (read(l, scores.mask), read(l, scores.sinks));
    let [q, k, v] = l.inputs(attention.places);
    let mut masks = match attention.causal {
        true => vec![causal(l, &q, &k, 0)?],
        false => vec![],
    };
    by_position(l, scores, attention.causal, heads, [&q, &k], &mut masks)?;
    if let Some(mask) = mask {
        masks.push(given(l, mask)?);
    }
    scored(l, [q, k, v], heads, masks, scores, sinks)
}

/// A value that is added to the scores, behind the samples and perhaps the heads.
fn given<E: Engine>(l: &mut Lowering<'_, E>, mask: E::Value) -> Lowered<E> {
    let mask = l.channels_last(mask)?;
    let mut dims = l.engine.dims(&mask);
    if dims.len() == 3 {
        dims.insert(1, Dim::Size(1));
    }
    Ok(l.engine.reshape(mask, &dims)?)
}

/// What follows from the places of queries and keys alone.
fn by_position<E: Engine>(
    l: &mut Lowering<'_, E>,
    scores: &Scores,
    causal: bool,
    heads: Heads,
    [q, k]: [&E::Value; 2],
    masks: &mut Vec<E::Value>,
) -> Lowered<E, ()> {
    let positions = [known(l.engine, q)[1], known(l.engine, k)[1]];
    if let Some(window) = scores.sliding_window {
        masks.push(scores::sliding(l.engine, positions, window, !causal)?);
    }
    if let Some(chunk) = scores.chunk {
        masks.push(scores::chunks(l.engine, positions, chunk)?);
    }
    if scores.alibi {
        masks.push(scores::alibi(l.engine, positions, heads.queries)?);
    }
    Ok(())
}

fn rotary_embedding<E: Engine>(l: &mut Lowering<'_, E>, layer: &RotaryEmbedding) -> Lowered<E> {
    let factors = match layer.rotary.scaling {
        RotaryScaling::LongRope { factors, .. } => Some(float_input(l, factors)?),
        _ => None,
    };
    let positions = match layer.positions {
        Some(place) => Some(float_input(l, place)?),
        None => None,
    };
    let given = rotary::Given { factors, positions };
    let x = l.input();
    let x = l.channels_last(x)?;
    let y = turned(l, x, [layer.heads, layer.head_dim], &layer.rotary, given)?;
    Ok(l.back_from_channels_last(y)?)
}

/// An input as numbers.
fn float_input<E: Engine>(l: &mut Lowering<'_, E>, place: usize) -> Lowered<E> {
    let x = l.inputs[place].clone();
    Ok(l.float_of(x)?)
}

/// Heads turned by the positions, be they side by side or on an axis of their own.
fn turned<E: Engine>(
    l: &mut Lowering<'_, E>,
    x: E::Value,
    [heads, head_dim]: [usize; 2],
    rotary: &Rotary,
    given: rotary::Given<E::Value>,
) -> Lowered<E> {
    let dims = l.engine.dims(&x);
    let apart = [dims[0], dims[1], Dim::Size(heads), Dim::Size(head_dim)];
    let x = l.engine.reshape(x, &apart)?;
    let y = rotary::rotated(l.engine, x, rotary, given)?;
    Ok(l.engine.reshape(y, &dims)?)
}

fn relative_bias<E: Engine>(l: &mut Lowering<'_, E>, layer: &RelativePositionBias) -> Lowered<E> {
    let like = l.inputs[0].clone();
    let table = l.weight("weight")?;
    let positions = [
        l.shapes[0].extents().at(0),
        l.shapes[layer.keys].extents().at(0),
    ];
    let bias = scores::relative_position_bias(l.engine, table, layer, positions)?;
    let bias = ranked(l.engine, bias, 4)?;
    let bias = l.engine.per_sample(bias, &like)?;
    Ok(l.back_from_channels_last(bias)?)
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
    let swin = attention.window.is_some();
    let scores = &attention.scores;
    let mut masks = added;
    if !swin {
        let more = usize::from(attention.add_bias_kv) + usize::from(attention.add_zero_attn);
        let [q, k, _] = &sources;
        if attention.causal {
            masks.push(causal(l, q, k, more)?);
        }
        by_position(l, scores, attention.causal, heads, [q, k], &mut masks)?;
    }
    let [mut q, mut k, mut v] = projected(l, attention, sources, heads)?;
    if let Some(norm) = &attention.head_norm {
        q = normed(l, q, heads.queries, norm, "q_norm")?;
        k = normed(l, k, heads.keys, norm, "k_norm")?;
    }
    if let Some(rotary) = &attention.rotary {
        let counted = rotary::Given::default;
        q = turned(l, q, [heads.queries, heads.head_dim], rotary, counted())?;
        k = turned(l, k, [heads.keys, heads.head_dim], rotary, counted())?;
    }
    if attention.add_bias_kv {
        k = one_more(l, k, "bias_k")?;
        v = one_more(l, v, "bias_v")?;
    }
    if attention.add_zero_attn {
        let padding = [(0, 0), (0, 1), (0, 0)];
        k = l.engine.pad_constant(k, &padding, 0.0)?;
        v = l.engine.pad_constant(v, &padding, 0.0)?;
    }
    let sinks = match attention.sinks {
        true => {
            let sinks = l.weight("sinks")?;
            let sinks = ranked(l.engine, sinks, 2)?;
            Some(l.engine.per_sample(sinks, &q)?)
        }
        false => None,
    };
    let y = scored(l, [q, k, v], heads, masks, scores, sinks)?;
    let weight = l.weight(if swin {
        "proj.weight"
    } else {
        "out_proj.weight"
    })?;
    let bias = l.tensor(if swin { "proj.bias" } else { "out_proj.bias" })?;
    Ok(l.engine.linear(y, weight, bias)?)
}

/// Queries, keys and values.
fn projected<E: Engine>(
    l: &mut Lowering<'_, E>,
    attention: &MultiHead,
    sources: [E::Value; 3],
    heads: Heads,
) -> Lowered<E, [E::Value; 3]> {
    if attention.separate {
        let mut projected = Vec::new();
        for (source, name) in sources.into_iter().zip(["q_proj", "k_proj", "v_proj"]) {
            let weight = l.weight(&format!("{name}.weight"))?;
            let bias = l.tensor(&format!("{name}.bias"))?;
            projected.push(l.engine.linear(source, weight, bias)?);
        }
        return projected.try_into().map_err(|_| Fault::Overflow);
    }
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
    if packed {
        let itself = attention.places == [0; 3] || swin;
        let name = if swin { "qkv.weight" } else { "in_proj_weight" };
        let weight = l.weight(name)?;
        return packed_projection(l, sources, weight, bias, &rows, itself);
    }
    let mut weights = Vec::new();
    for name in ["q_proj_weight", "k_proj_weight", "v_proj_weight"] {
        weights.push(l.weight(name)?);
    }
    projections(l, sources, weights, bias, &rows)
}

/// Each head normalised, all with one weight.
fn normed<E: Engine>(
    l: &mut Lowering<'_, E>,
    x: E::Value,
    heads: usize,
    norm: &HeadNorm,
    name: &str,
) -> Lowered<E> {
    let dims = l.engine.dims(&x);
    let each = known(l.engine, &x)[2] / heads;
    let x = l
        .engine
        .reshape(x, &[dims[0], dims[1], Dim::Size(heads), Dim::Size(each)])?;
    let learned = Norm {
        eps: norm.eps,
        weight: Some(l.weight(&format!("{name}.weight"))?),
        bias: l.tensor(&format!("{name}.bias"))?,
    };
    let y = match norm.centred {
        true => l.engine.layer_norm(x, 1, learned)?,
        false => l.engine.rms_norm(x, 1, learned)?,
    };
    Ok(l.engine.reshape(y, &dims)?)
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
    qkv: [E::Value; 3],
    heads: Heads,
    masks: Vec<E::Value>,
) -> Lowered<E> {
    scored(l, qkv, heads, masks, &Scores::PLAIN, None)
}

/// [`products`] whose scores are changed.
fn scored<E: Engine>(
    l: &mut Lowering<'_, E>,
    [q, k, v]: [E::Value; 3],
    heads: Heads,
    masks: Vec<E::Value>,
    scores: &Scores,
    sinks: Option<E::Value>,
) -> Lowered<E> {
    // Several heads of queries can share one of keys and values: then the heads
    // are two axes, and the second of keys and values is repeated.
    let each = heads.queries / heads.keys;
    let (first, other) = match each {
        1 => (vec![heads.queries], vec![heads.queries]),
        _ => (vec![heads.keys, each], vec![heads.keys, 1]),
    };
    let mut q = apart(l, q, &first, heads.head_dim)?;
    let k = apart(l, k, &other, heads.head_dim)?;
    let v = apart(l, v, &other, heads.value_dim)?;
    if let Some(scale) = scores.scale {
        // Engines divide by the root themselves.
        #[expect(clippy::cast_precision_loss, reason = "a factor in floating point")]
        let root = (heads.head_dim as f64).sqrt();
        q = l.engine.mul_scalar(q, scale * root)?;
    }
    let rank = l.engine.dims(&q).len();
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

/// What is added to the scores, with the heads on as many axes as they are.
fn by_heads<E: Engine>(l: &mut Lowering<'_, E>, mask: E::Value, heads: &[usize]) -> Lowered<E> {
    let mut dims = l.engine.dims(&mask);
    // `queries x keys`, or these behind the heads, or those behind samples or windows.
    let (3 | 4, [_, _]) = (dims.len(), heads) else {
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
