//! Attention.

use shapewise_core::layer::attention::{
    Attention, DotProduct, HeadNorm, LocalWindow, MultiHead, RelativePositionBias, Rotary,
    RotaryEmbedding, RotaryScaling, Scores,
};

use super::{transformer, window};
use crate::compose::{ranked, rotary, scores};
use crate::dims::Dim;
use crate::engine::{Engine, Norm, known};
use crate::error::Fault;
use crate::lowering::{Lowered, Lowering};

mod products;

pub(super) use products::{Heads, products};

use products::scored;

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
        Attention::WindowBias(layer) => window::bias(l, layer),
    }
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
    let factors = read(l, scores.factors);
    let [q, k, v] = l.inputs(attention.places);
    if let Some(local) = &attention.window {
        return windowed(l, attention, local, heads, [q, k, v], [mask, factors]);
    }
    let mut masks = match attention.causal {
        true => vec![causal(l, &q, &k, 0)?],
        false => vec![],
    };
    by_position(l, scores, attention.causal, heads, [&q, &k], &mut masks)?;
    if let Some(mask) = mask {
        masks.push(given(l, mask)?);
    }
    scored(l, [q, k, v], heads, masks, scores, [sinks, factors])
}

/// Windows that attend to themselves, of queries, keys and values that are there.
fn windowed<E: Engine>(
    l: &mut Lowering<'_, E>,
    attention: &DotProduct,
    local: &LocalWindow,
    heads: Heads,
    qkv: [E::Value; 3],
    [mask, factors]: [Option<E::Value>; 2],
) -> Lowered<E> {
    let [place, ..] = attention.places;
    let spatial = l.shapes[place].spatial();
    let mut entered = Vec::new();
    for x in qkv {
        let x = l.channels_last(x)?;
        entered.push(window::enter(l, x, local)?);
    }
    let qkv = entered.try_into().map_err(|_| Fault::Overflow)?;
    let mut masks = Vec::new();
    if let Some(mask) = mask {
        let mask = given(l, mask)?;
        let mut dims = l.engine.dims(&mask);
        // Alike in all windows.
        dims.insert(1, Dim::Size(1));
        masks.push(l.engine.reshape(mask, &dims)?);
    }
    masks.extend(window::mask(l, local)?);
    let y = scored(l, qkv, heads, masks, &attention.scores, [None, factors])?;
    let y = window::leave(l, y, local, spatial.as_slice())?;
    Ok(l.back_from_channels_last(y)?)
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
    let factors = match scores.cosine {
        true => {
            let scale = l.weight("logit_scale")?;
            let most = 100f64.ln();
            let scale = l.engine.clamp(scale, f64::NEG_INFINITY, most)?;
            let scale = l.engine.exp(scale)?;
            let scale = l
                .engine
                .reshape(scale, &[Dim::Size(1), Dim::Size(heads.queries)])?;
            Some(scale)
        }
        false => None,
    };
    let y = scored(l, [q, k, v], heads, masks, scores, [sinks, factors])?;
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
    let bias = joined_bias(l, attention, &rows)?;
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

/// The biases of queries, keys and values as one, if there are any.
///
/// Those of keys are zeros where keys have none, and where scores are cosines: torchvision's
/// `shifted_window_attention` overwrites them there.
fn joined_bias<E: Engine>(
    l: &mut Lowering<'_, E>,
    attention: &MultiHead,
    rows: &[usize; 3],
) -> Lowered<E, Option<E::Value>> {
    if !attention.bias {
        return Ok(None);
    }
    let [first, last] = if attention.key_bias {
        let swin = attention.window.is_some() && attention.is_packed();
        let bias = l.weight(if swin { "qkv.bias" } else { "in_proj_bias" })?;
        if !attention.scores.cosine {
            return Ok(Some(bias));
        }
        let parts = l.engine.split(bias, 0, rows)?;
        let [first, _, last] = <[_; 3]>::try_from(parts).map_err(|_| Fault::Overflow)?;
        [first, last]
    } else {
        [l.weight("q_bias")?, l.weight("v_bias")?]
    };
    let none = l.engine.full(&rows[1..2], 0.0)?;
    Ok(Some(l.engine.concat(vec![first, none, last], 0)?))
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
