//! Attention.

use shapewise_core::layer::attention::{Attention, DotProduct, MultiHead};

use super::{transformer, window};
use crate::Error;
use crate::builder::Attribute;
use crate::layer::Said;
use crate::value::{Dim, Value, int, sizes};

pub(super) fn say(said: &mut Said<'_>, layer: &Attention) -> Result<Value, Error> {
    match layer {
        Attention::MultiHead(attention) => match &attention.window {
            Some(local) => window::say(said, attention, local),
            None => {
                let sources = attention.places.map(|place| said.inputs[place].clone());
                multihead(said, attention, &sources, &[])
            }
        },
        Attention::DotProduct(attention) => dot_product(said, attention),
        Attention::Transformer(layer) => transformer::say(said, layer),
    }
}

/// How many heads there are, and how wide.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heads {
    pub(super) queries: usize,
    pub(super) keys: usize,
    pub(super) head_dim: usize,
    pub(super) value_dim: usize,
}

fn dot_product(said: &mut Said<'_>, attention: &DotProduct) -> Result<Value, Error> {
    let [q, k, v] = attention.places.map(|place| said.inputs[place].clone());
    let heads = Heads {
        queries: attention.heads,
        keys: attention.kv_heads,
        head_dim: attention.head_dim,
        value_dim: attention.value_dim,
    };
    let masks = match attention.causal {
        true => vec![causal(said, q.size(1), k.size(1), 0)?],
        false => vec![],
    };
    products(said, [&q, &k, &v], heads, &masks)
}

/// Attention with its projections, of values whose last axes are positions and
/// features. `added` is added to the scores.
pub(super) fn multihead(
    said: &mut Said<'_>,
    attention: &MultiHead,
    sources: &[Value; 3],
    added: &[Value],
) -> Result<Value, Error> {
    let heads = Heads {
        queries: attention.heads,
        keys: attention.kv_heads,
        head_dim: attention.head_dim,
        value_dim: attention.value_dim,
    };
    let rows = [
        heads.queries * heads.head_dim,
        heads.keys * heads.head_dim,
        heads.keys * heads.value_dim,
    ];
    let swin = attention.window.is_some();
    let weights = if attention.is_packed() {
        let name = if swin { "qkv.weight" } else { "in_proj_weight" };
        let all = said.weight(name)?;
        said.builder.split(&all, 0, &rows)?
    } else {
        let names = ["q_proj_weight", "k_proj_weight", "v_proj_weight"];
        names
            .into_iter()
            .map(|name| said.weight(name))
            .collect::<Result<_, _>>()?
    };
    let bias = match (swin && attention.is_packed(), attention.bias) {
        (_, false) => None,
        (true, true) => said.tensor("qkv.bias")?,
        (false, true) => said.tensor("in_proj_bias")?,
    };
    let biases = match bias {
        Some(bias) => said.builder.split(&bias, 0, &rows)?,
        None => vec![],
    };
    let mut projected = Vec::new();
    for (place, source) in sources.iter().enumerate() {
        projected.push(
            said.builder
                .linear(source, &weights[place], biases.get(place))?,
        );
    }
    let mut masks = added.to_vec();
    if attention.causal {
        let more = usize::from(attention.add_bias_kv) + usize::from(attention.add_zero_attn);
        masks.push(causal(said, sources[0].size(1), sources[1].size(1), more)?);
    }
    for (place, name) in [(1, "bias_k"), (2, "bias_v")] {
        if attention.add_bias_kv {
            let one = said.weight(name)?;
            let one = said.builder.per_sample(&one, &projected[place])?;
            projected[place] = said.builder.concat(&[projected[place].clone(), one], 1)?;
        }
        if attention.add_zero_attn {
            projected[place] =
                said.builder
                    .pad(&projected[place], &[(1, 0, 1)], "constant", 0.0)?;
        }
    }
    let [q, k, v] = [&projected[0], &projected[1], &projected[2]];
    let y = products(said, [q, k, v], heads, &masks)?;
    let weight = said.weight(if swin {
        "proj.weight"
    } else {
        "out_proj.weight"
    })?;
    let bias = said.tensor(if swin { "proj.bias" } else { "out_proj.bias" })?;
    said.builder.linear(&y, &weight, bias.as_ref())
}

/// `softmax(q*k'/sqrt(d) + masks)*v` for each head; the heads side by side again.
pub(super) fn products(
    said: &mut Said<'_>,
    [q, k, v]: [&Value; 3],
    heads: Heads,
    masks: &[Value],
) -> Result<Value, Error> {
    #[expect(clippy::cast_precision_loss, reason = "a factor in floating point")]
    let scale = 1.0 / (heads.head_dim as f64).sqrt();
    let scale = said.builder.number(scale);
    let q = said.builder.binary("Mul", q, &scale);
    // Several heads of queries can share one of keys and values: then the heads
    // are two axes, and the second of keys and values is repeated.
    let each = heads.queries / heads.keys;
    let (first, other) = match each {
        1 => (vec![heads.queries], vec![heads.queries]),
        _ => (vec![heads.keys, each], vec![heads.keys, 1]),
    };
    let q = apart(said, &q, &first, heads.head_dim)?;
    let k = apart(said, k, &other, heads.head_dim)?;
    let v = apart(said, v, &other, heads.value_dim)?;
    let mut turned: Vec<_> = (0..k.rank()).collect();
    turned.swap(k.rank() - 2, k.rank() - 1);
    let k = said.builder.transpose(&k, &turned)?;
    let mut scores = said.builder.matmul(&q, &k);
    for mask in masks {
        scores = said.builder.binary("Add", &scores, mask);
    }
    let last = vec![("axis", Attribute::Int(-1))];
    let dims = scores.dims.clone();
    let shares = said.builder.node("Softmax", &[&scores], last, dims);
    let y = said.builder.matmul(&shares, &v);
    // Positions in front of the heads, then all heads as one axis.
    let axes = first.len();
    let (lead, rank) = (y.rank() - axes - 2, y.rank());
    let mut order: Vec<_> = (0..lead).collect();
    order.push(rank - 2);
    order.extend(lead..lead + axes);
    order.push(rank - 1);
    let y = said.builder.transpose(&y, &order)?;
    let mut dims = y.dims[..=lead].to_vec();
    dims.push(Dim::Size(heads.queries * heads.value_dim));
    said.builder.reshape(&y, dims)
}

/// The features as heads, in front of the positions.
fn apart(said: &mut Said<'_>, x: &Value, heads: &[usize], dim: usize) -> Result<Value, Error> {
    let lead = x.rank() - 2;
    let mut dims = x.dims[..=lead].to_vec();
    dims.extend(sizes(heads));
    dims.push(Dim::Size(dim));
    let y = said.builder.reshape(x, dims)?;
    let mut order: Vec<_> = (0..lead).collect();
    order.extend(lead + 1..=lead + heads.len());
    order.push(lead);
    order.push(y.rank() - 1);
    said.builder.transpose(&y, &order)
}

/// What keeps positions from seeing later ones: minus infinity above the
/// diagonal. Keys that the layer adds at the end are seen by all.
pub(super) fn causal(
    said: &mut Said<'_>,
    queries: usize,
    keys: usize,
    more: usize,
) -> Result<Value, Error> {
    let dims = sizes(&[queries, keys]);
    let extents = said.builder.list(&[int(queries)?, int(keys)?]);
    // Made in the model: as a constant it would take queries*keys numbers.
    let fill = vec![("value", Attribute::Number(f64::NEG_INFINITY))];
    let result = [(crate::value::Elements::Numbers, dims.clone())];
    let all = said
        .builder
        .node_with("ConstantOfShape", &[Some(&extents)], fill, &result)
        .remove(0);
    let diagonal = said.builder.indices(&[1], &[]);
    let upper = vec![("upper", Attribute::Int(1))];
    let mask = said.builder.node("Trilu", &[&all, &diagonal], upper, dims);
    said.builder.pad(&mask, &[(1, 0, more)], "constant", 0.0)
}
