//! Attention and transformer layers.

use core::fmt;

use crate::argument::Argument;
use crate::entry::{Args, Entry, Inputs, family};
use crate::error::{Error, Needs, attempt};
use crate::formula;
use crate::layer::Convention;
use crate::layer::explain::Lines;
use crate::layer::{Memory, Receptive, Tensor};
use crate::shape::Shape;
use crate::value::Value;

mod conventions;
mod kept;
mod multihead;
mod products;
mod transformer;
mod window;

pub use multihead::MultiHead;
pub use products::DotProduct;
pub use transformer::{MAX_LAYERS, Transformer, TransformerActivation};
pub use window::LocalWindow;

const HEADS: Argument = Argument::int("heads", "number of heads", 1)
    .positional()
    .aliases(&["num_heads", "nhead", "n_head", "num_query_heads"]);
const KV_HEADS: Argument = Argument::int("kv_heads", "number of heads of keys and values", 1)
    .default_is("the heads")
    .aliases(&["num_kv_heads", "num_key_value_heads"]);
const CAUSAL: Argument = Argument::bool("causal", "whether no position sees a later one")
    .default(Value::Bool(false))
    .aliases(&["is_causal", "use_causal_mask"]);
const BIAS: Argument =
    Argument::bool("bias", "whether biases are added").default(Value::Bool(true));

const fn dropout(default: f64) -> Argument {
    Argument::float("dropout", "probability of dropping an element", 0.0, 1.0)
        .default(Value::Float(default))
        .aliases(&["dropout_p"])
}

const fn int(name: &'static str, doc: &'static str, default: &'static str) -> Argument {
    Argument::int(name, doc, 1).default_is(default)
}

const fn flag(name: &'static str, doc: &'static str) -> Argument {
    Argument::bool(name, doc).default(Value::Bool(false))
}

const MEMORY: Argument = Argument::value("memory", "what keys and values are made from");

family! {
    const fn unchecked(args, inputs) -> Attention;

    /// Multi-head attention: projections to queries, keys and values, scaled products, a projection
    /// back.
    ///
    /// Queries come from the flow, keys and values from it too, or from `memory` (and values from
    /// `value` where they have features of their own). With E input features, h heads, g `kv_heads`
    /// and d = `head_dim` (E/h where it is left out):
    ///
    /// - Output: the queries' positions, E features (or `features`).
    /// - Parameters: `in_proj_weight` of `3*h*d x E`; where keys or values have other features or
    ///   other heads, `q_proj_weight` of `h*d x E`, `k_proj_weight` and `v_proj_weight` of `g*d` rows
    ///   and the features of their own source. `in_proj_bias` with a bias per row of all three;
    ///   `out_proj.weight` of `E x h*d`, `out_proj.bias` of E; with `add_bias_kv` also `bias_k` and
    ///   `bias_v`.
    /// - MACs: positions x the weights of each projection, and the products of queries with keys and
    ///   of the result with values, `Lq*Lk*h*d` each; a causal mask does not lessen them.
    ///
    /// With `window`, each window of a sequence, an image or a volume attends to itself only, as in
    /// Swin: the input is padded up to whole windows (a volume's window shrinks to the input
    /// instead), and the padding takes part in all products. `shift` moves the windows, except along
    /// an axis that one window covers. The tensors then have Swin's names `qkv.weight`, `qkv.bias`,
    /// `proj.weight`, `proj.bias`, and with `relative_position_bias` before them
    /// `relative_position_bias_table` of `(2w - 1)*(2w - 1) x h` and the buffer
    /// `relative_position_index`.
    ///
    /// Source: PyTorch's `MultiheadAttention`; torchvision's `ShiftedWindowAttention` and
    /// `ShiftedWindowAttention3d`; Keras's `MultiHeadAttention` and `GroupQueryAttention` for
    /// `head_dim`, `value_dim`, `kv_heads` and `features`.
    attention: |entry| entry
        .arguments(&[
            HEADS,
            KV_HEADS,
            int("head_dim", "features of each head", "the features divided by the heads")
                .aliases(&["key_dim"]),
            int("value_dim", "features of each head's values", "the `head_dim`"),
            int("features", "output features", "the input features")
                .aliases(&["output_shape", "out_features"]),
            MEMORY.default_is("the flow").aliases(&["key"]),
            Argument::value("value", "what values are made from, when it is not what keys are")
                .default_is("the memory"),
            int("kdim", "features of what keys are made from, to be checked", "what comes in"),
            int("vdim", "features of what values are made from, to be checked", "what comes in"),
            BIAS.aliases(&["use_bias", "qkv_bias"]),
            Argument::bool("out_bias", "whether the last projection adds a bias")
                .default_is("as `bias`")
                .aliases(&["proj_bias"]),
            CAUSAL,
            dropout(0.0),
            flag("add_bias_kv", "whether a learned key and value are added"),
            flag("add_zero_attn", "whether a key and value of zeros are added"),
            Argument::extents("window", "extent of the windows that attend to themselves", 1)
                .default_is("the whole input")
                .aliases(&["window_size"]),
            Argument::extents("shift", "how far the windows are shifted", 0)
                .default(Value::Int(0))
                .aliases(&["shift_size"]),
            flag("relative_position_bias", "whether a bias is learned per head and distance"),
        ])
        .weighted()
        .aliases(&["MultiheadAttention", "MultiHeadAttention", "GroupQueryAttention", "ShiftedWindowAttention", "self_attention", "mha"]),
        Attention::MultiHead(attempt!(MultiHead::build(args, inputs)));

    /// Attention without projections: `softmax(q*k'/sqrt(d))*v` per head.
    ///
    /// - Output: the positions of `q`; the features of `v` for each of the heads of `q`.
    /// - No parameters.
    /// - MACs: `Lq*Lk` x the features of `q`, and the same with those of the output.
    ///
    /// Source: PyTorch's `scaled_dot_product_attention`; `kv_heads` is its `enable_gqa`.
    scaled_dot_product_attention: |entry| entry
        .arguments(&[
            Argument::value("q", "the queries").positional().aliases(&["query"]),
            Argument::value("k", "the keys").positional().aliases(&["key"]),
            Argument::value("v", "the values").positional().aliases(&["value"]),
            HEADS.default(Value::Int(1)),
            KV_HEADS,
            CAUSAL,
            dropout(0.0),
        ])
        .inputs(Inputs::Arguments)
        .aliases(&["sdpa", "dot_product_attention"]),
        Attention::DotProduct(attempt!(DotProduct::build(args, inputs)));

    /// Transformer encoder layer: attention and a feed-forward part, each with a residual and a
    /// layer normalisation.
    ///
    /// - Output: the input's shape.
    /// - Parameters, as PyTorch names them: `self_attn` as in `attention`; `linear1`, `linear2` of
    ///   `E*feedforward` each; `norm1`, `norm2`. With `layers` written, n layers in a row, their
    ///   tensors under `layers.0`, `layers.1` and so on.
    /// - MACs: those of the attention, and positions x the weights of both linear layers.
    ///
    /// Source: PyTorch's `TransformerEncoderLayer`, and `TransformerEncoder` for `layers`.
    transformer_encoder: |entry| entry
        .arguments(&[
            HEADS, FEEDFORWARD, LAYERS, ACTIVATION, NORM_FIRST, BIAS, dropout(0.1), LAYER_NORM_EPS, CAUSAL,
        ])
        .weighted()
        .aliases(&["TransformerEncoderLayer", "TransformerEncoder"]),
        Attention::Transformer(attempt!(Transformer::build(args, inputs, false)));

    /// Transformer decoder layer: attention to itself, attention to `memory` and a feed-forward
    /// part, each with a residual and a layer normalisation.
    ///
    /// - Output: the input's shape.
    /// - Parameters, as PyTorch names them: `self_attn` and `multihead_attn` as in `attention`;
    ///   `linear1`, `linear2` of `E*feedforward` each; `norm1`, `norm2`, `norm3`. With `layers`
    ///   written, n layers in a row, their tensors under `layers.0`, `layers.1` and so on.
    /// - MACs: those of both attentions, and positions x the weights of both linear layers.
    ///
    /// `causal` is about the attention to itself.
    ///
    /// Source: PyTorch's `TransformerDecoderLayer`, and `TransformerDecoder` for `layers`.
    transformer_decoder: |entry| entry
        .arguments(&[
            HEADS, MEMORY, FEEDFORWARD, LAYERS, ACTIVATION, NORM_FIRST, BIAS, dropout(0.1), LAYER_NORM_EPS, CAUSAL,
        ])
        .weighted()
        .aliases(&["TransformerDecoderLayer", "TransformerDecoder"]),
        Attention::Transformer(attempt!(Transformer::build(args, inputs, true)));
}

const FEEDFORWARD: Argument =
    Argument::int("feedforward", "features between both linear layers", 1)
        .default(Value::Int(2048))
        .aliases(&["dim_feedforward", "ffn_dim", "intermediate_dim"]);
const LAYERS: Argument = Argument::int("layers", "number of layers in a row", 1)
    .default_is("one, whose tensors have no prefix")
    .aliases(&["num_layers"]);
const ACTIVATION: Argument = Argument::keyword(
    "activation",
    "what stands between both linear layers",
    &["relu", "gelu"],
)
.default(Value::Keyword("relu"));
const NORM_FIRST: Argument = Argument::bool(
    "norm_first",
    "whether each part is normalised before it, not after",
)
.default(Value::Bool(false));
const LAYER_NORM_EPS: Argument = Argument::float(
    "layer_norm_eps",
    "what the normalisations add to the variance",
    0.0,
    f64::INFINITY,
)
.default(Value::Float(1e-5));

/// An attention layer.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "without an allocator it cannot be boxed"
)]
pub enum Attention {
    /// `attention`.
    MultiHead(MultiHead),
    /// `scaled_dot_product_attention`.
    DotProduct(DotProduct),
    /// `transformer_encoder`, `transformer_decoder`.
    Transformer(Transformer),
}

pub(super) const fn build(place: u8, args: &Args, inputs: &[Shape]) -> Result<Attention, Error> {
    let layer = attempt!(unchecked(place, args, inputs));
    attempt!(layer.output(inputs, 0));
    // A layer's tensors: those of later layers in a row have the same sizes.
    let mut index = 0;
    while index < 18
        && let Some(tensor) = layer.tensor(index)
    {
        if tensor.elements().is_none() {
            return Err(formula::overflow("the number of parameters"));
        }
        index += 1;
    }
    Ok(layer)
}

impl Attention {
    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        match self {
            Self::MultiHead(attention) => attention.output(&inputs[0]),
            Self::DotProduct(attention) => attention.output(inputs),
            Self::Transformer(_) => Ok(inputs[0]),
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        match self {
            Self::MultiHead(attention) => attention.tensor(index),
            Self::DotProduct(_) => None,
            Self::Transformer(transformer) => transformer.tensor(index),
        }
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        match self {
            Self::MultiHead(attention) => attention.macs(inputs),
            Self::DotProduct(attention) => attention.macs(inputs),
            Self::Transformer(transformer) => transformer.macs(inputs),
        }
    }

    pub(super) const fn macs_by(
        &self,
        convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        match (self, convention) {
            (Self::MultiHead(attention), Convention::Fvcore) => attention.projection_macs(inputs),
            (Self::MultiHead(attention), Convention::Ptflops) => attention.ptflops(inputs),
            (Self::Transformer(layer), Convention::Fvcore) => layer.fvcore(inputs),
            (Self::Transformer(layer), Convention::Ptflops) => layer.ptflops(inputs),
            // A fused function, which neither tool knows.
            (Self::DotProduct(_), Convention::Fvcore | Convention::Ptflops) => Ok(0),
            (_, Convention::Torchvision) => self.macs(inputs),
        }
    }

    pub(super) const fn memory(&self) -> Memory {
        Memory::Fresh
    }

    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        Receptive::Whole
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        match self {
            Self::MultiHead(attention) => attention.explain(inputs, lines),
            Self::DotProduct(attention) => attention.explain(inputs, lines),
            Self::Transformer(transformer) => transformer.explain(inputs, lines),
        }
    }
}

/// The input at the place that an argument's value has.
const fn given<'a>(
    place: Option<usize>,
    argument: &'static str,
    inputs: &'a [Shape],
) -> Result<(usize, &'a Shape), Error> {
    match place {
        Some(place) if place < inputs.len() => Ok((place, &inputs[place])),
        _ => Err(Error::Missing { argument }),
    }
}

/// The error for a value that is no sequence, if it is none.
const fn sequence(input: &Shape) -> Result<(), Error> {
    if input.rank() == 2 {
        return Ok(());
    }
    Err(Error::InputRank {
        needs: Needs::Sequence,
        input: *input,
    })
}

/// The error for heads that do not divide the features, if they do not.
const fn divides(
    argument: &'static str,
    divisor: usize,
    what: &'static str,
    value: usize,
) -> Result<(), Error> {
    if divisor > 0 && value.is_multiple_of(divisor) {
        return Ok(());
    }
    Err(Error::NotDivisible {
        argument,
        divisor,
        what,
        value,
        also: value,
    })
}
