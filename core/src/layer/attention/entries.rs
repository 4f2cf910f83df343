//! What attention and transformer layers are called and take.

use super::rotary::{self, RotaryEmbedding};
use super::{
    Attention, DotProduct, MultiHead, RelativePositionBias, Transformer, WindowPositionBias,
};
use super::{scores, window};
use crate::argument::Argument;
use crate::entry::{Entry, Inputs, family};
use crate::error::attempt;
use crate::value::Value;

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
    /// `relative_position_index`. With `partition = grid`, as in MaxViT, a window is as many positions
    /// spread over the whole input, each as far from the next as there are windows along the axis.
    ///
    /// Swin V2 has `cosine = true` and `continuous_position_bias = true`. Scores are then the cosines of
    /// queries and keys times `exp(min(logit_scale, ln 100))`, with `logit_scale` of `h x 1 x 1`, and the part of
    /// `qkv.bias` that is the keys' is left unused; `16*sigmoid` of what two linear layers make of the
    /// logarithms of a distance (`cpb_mlp.0.weight` of `512 x 2`, `cpb_mlp.0.bias`, `cpb_mlp.2.weight` of
    /// `h x 512`) is added to them, their products counted once. Beside the index there is then the buffer
    /// `relative_coords_table` of `1 x (2w - 1) x (2w - 1) x 2`; `index_buffers = none` leaves both out, `matrix`
    /// has a row of the index for each position. With
    /// `key_bias = false` the biases are `q_bias` and `v_bias`.
    ///
    /// Language models have `projections = separate`, whose tensors are `q_proj.weight`, `k_proj.weight`,
    /// `v_proj.weight` and with biases `q_proj.bias` and so on; `qk_norm`, with the weights `q_norm.weight` and
    /// `k_norm.weight` of d for all heads; `rotary = true`, as `rotary_embedding`; `scale`, `softcap`,
    /// `sliding_window`, `chunk`, `alibi`, `mask`, as `scaled_dot_product_attention`; `sinks = true`, with `sinks`
    /// of h.
    ///
    /// Source: PyTorch's `MultiheadAttention`; torchvision's `ShiftedWindowAttention`,
    /// `ShiftedWindowAttentionV2`, `ShiftedWindowAttention3d` and `PartitionAttentionLayer`; Keras's `MultiHeadAttention` and `GroupQueryAttention` for
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
            WINDOWS[0], WINDOWS[1], WINDOWS[2],
            flag("relative_position_bias", "whether a bias is learned per head and distance"),
            flag("continuous_position_bias", "whether two linear layers make that bias of the distance"),
            PRETRAINED, BUFFERS,
            Argument::bool("key_bias", "whether keys get a bias, where queries and values do")
                .default(Value::Bool(true)),
            Argument::keyword("projections", "whether queries, keys and values have tensors of their own", &["joined", "separate"])
                .default(Value::Keyword("joined")),
            Argument::keyword("qk_norm", "how the heads of queries and keys are normalised", &["none", "rms", "layer"])
                .default(Value::Keyword("none")),
            Argument::float("qk_norm_eps", "what these normalisations add", 0.0, f64::INFINITY)
                .default(Value::Float(1e-6)),
            SCORES[0], SCORES[1], SCORES[2], SCORES[3], SCORES[4], SCORES[5], SCORES[6],
            flag("sinks", "whether each head learns a score of a key without a value"),
            flag("rotary", "whether queries and keys are turned by their positions").aliases(&["rope"]),
            WITHIN[0], WITHIN[1], WITHIN[2], WITHIN[3], WITHIN[4], WITHIN[5], WITHIN[6],
            WITHIN[7], WITHIN[8], WITHIN[9], WITHIN[10], WITHIN[11], WITHIN[12],
        ])
        .weighted()
        .aliases(&["MultiheadAttention", "MultiHeadAttention", "GroupQueryAttention", "ShiftedWindowAttention", "ShiftedWindowAttentionV2", "RelativePositionalMultiHeadAttention", "self_attention", "mha"]),
        Attention::MultiHead(attempt!(MultiHead::build(args, inputs)));

    /// Attention without projections: `softmax(q*k'/sqrt(d))*v` per head.
    ///
    /// - Output: the positions of `q`; the features of `v` for each of the heads of `q`.
    /// - No parameters.
    /// - MACs: `Lq*Lk` x the features of `q`, and the same with those of the output.
    ///
    /// Scores are multiplied by `scale`, capped by `softcap`, and lessened with the distance by `alibi`;
    /// `mask` is added to them. `sliding_window` and `chunk` limit what a query sees, `sinks` are the
    /// scores of keys without values. With `cosine` they are the cosines of queries and keys, and
    /// `factors` multiplies those of each head.
    ///
    /// With `window`, `q`, `k` and `v` are sequences, images or volumes whose windows attend to themselves only, as
    /// in `attention`: the input is padded with zeros up to whole windows, `shift` moves them, and `partition = grid`
    /// spreads each over the whole input. `mask` is then for the positions of a window.
    ///
    /// Source: PyTorch's `scaled_dot_product_attention`; `kv_heads` is its `enable_gqa`, `mask` its
    /// `attn_mask`. Gemma 2 (`softcap`), Mistral (`sliding_window`), Llama 4 (`chunk`), BLOOM (`alibi`),
    /// GPT-OSS (`sinks`).
    scaled_dot_product_attention: |entry| entry
        .arguments(&[
            Argument::value("q", "the queries").positional().aliases(&["query"]),
            Argument::value("k", "the keys").positional().aliases(&["key"]),
            Argument::value("v", "the values").positional().aliases(&["value"]),
            HEADS.default(Value::Int(1)),
            KV_HEADS,
            CAUSAL,
            dropout(0.0),
            SCORES[0], SCORES[1], SCORES[2], SCORES[3], SCORES[4], SCORES[5], SCORES[6], SCORES[7], SCORES[8],
            WINDOWS[0], WINDOWS[1], WINDOWS[2],
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

    /// Rotary positions: pairs of features turned by an angle that grows with the position.
    ///
    /// Queries and keys go through it before their products. A sequence is split into `heads`; where
    /// they are an axis of their own, `LxhxF`, their number is that of the axis. Pair i of the n features
    /// of each head that are turned has the angle `position * base^(-2i/n)`.
    ///
    /// - Output: the input's shape.
    /// - No parameters, no MACs.
    ///
    /// `scaling` is for sequences longer than those of the training: `linear`, that of LLaMA 3 (`llama3`),
    /// YaRN (`yarn`), or with `factors` that of LongRoPE (`longrope`). `positions` says where each position
    /// stands where that is not its place: behind padding, or along one axis of an image of which
    /// another part of the features has the other. Source: Su et al. 2021, RoFormer; `transformers`'
    /// `apply_rotary_pos_emb`, and with `interleaved = true` that of GPT-J.
    rotary_embedding: |entry| entry
        .arguments(&[
            HEADS.default_is("1, or those of the input's second axis"),
            ROTARY[0], ROTARY[1], ROTARY[2], ROTARY[3], ROTARY[4], ROTARY[5], ROTARY[6],
            ROTARY[7], ROTARY[8], ROTARY[9], ROTARY[10], ROTARY[11], ROTARY[12],
            Argument::value("factors", "what the angle of each pair is divided by, for `longrope`: a vector")
                .default_is("must be written for `longrope`")
                .aliases(&["short_factor", "long_factor", "rope_factors"]),
            Argument::value("positions", "where each position stands: a vector")
                .default_is("0 and on")
                .aliases(&["position_ids", "input_pos"]),
        ])
        .aliases(&["RotaryEmbedding", "rope", "RotaryPositionalEmbeddings", "apply_rotary_pos_emb"]),
        Attention::Rotary(attempt!(RotaryEmbedding::build(args, inputs)));

    /// A learned number for each head and distance of two positions, as T5 adds to its scores.
    ///
    /// The positions of the queries are those of the flow, those of the keys the same or those of `keys`.
    /// Half of the buckets of a side are single distances; the others widen up to `max_distance`.
    ///
    /// - Output: `h x Lq x Lk`, a `mask` of `scaled_dot_product_attention`.
    /// - Parameters: `weight` of `buckets x h`.
    /// - No MACs.
    ///
    /// Source: `transformers`' `T5Attention` (`relative_attention_bias`).
    relative_position_bias: |entry| entry
        .arguments(&[
            HEADS,
            Argument::int("buckets", "number of distances that are told apart", 2)
                .default(Value::Int(32))
                .aliases(&["num_buckets", "relative_attention_num_buckets"]),
            Argument::int("max_distance", "the distance from which on all are one bucket", 1)
                .default(Value::Int(128))
                .aliases(&["relative_attention_max_distance"]),
            Argument::bool("bidirectional", "whether what comes later has buckets of its own")
                .default(Value::Bool(true)),
            Argument::value("keys", "what has the positions of the keys").default_is("the flow"),
        ])
        .weighted()
        .aliases(&["relative_attention_bias", "T5RelativeAttentionBias"]),
        Attention::RelativeBias(attempt!(RelativePositionBias::build(args, inputs)));

    /// A learned number for each head and distance of two positions of a window, as Swin and MaxViT add to
    /// their scores.
    ///
    /// Of the flow only the number of axes matters. With `continuous`, two linear layers make the number of the
    /// distance's logarithms, measured by `pretrained_window`, and it becomes `16*sigmoid` of that.
    ///
    /// - Output: `h x L x L` for the L positions of a window, a `mask` of `scaled_dot_product_attention`.
    /// - Parameters: `relative_position_bias_table` of `(2w - 1)*(2w - 1) x h`, and the buffer
    ///   `relative_position_index`; with `continuous` instead `cpb_mlp.0.weight` of `512 x 2`,
    ///   `cpb_mlp.0.bias`, `cpb_mlp.2.weight` of `h x 512`, and also the buffer `relative_coords_table`.
    /// - MACs: none; with `continuous` `(2w - 1)*(2w - 1)*512*(2 + h)`.
    ///
    /// Source: torchvision's `ShiftedWindowAttention`, `ShiftedWindowAttentionV2` and
    /// `RelativePositionalMultiHeadAttention`.
    window_position_bias: |entry| entry
        .arguments(&[
            HEADS,
            Argument::extents("window", "extent of the window", 1).positional().aliases(&["window_size"]),
            flag("continuous", "whether two linear layers make the bias of the distance"),
            PRETRAINED, BUFFERS,
        ])
        .weighted()
        .aliases(&["RelPosBias", "RelPosMlp", "SwinRelativePositionBias"]),
        Attention::WindowBias(attempt!(WindowPositionBias::build(args, &inputs[0])));
}

const WINDOWS: [Argument; 3] = window::ARGUMENTS;
const PRETRAINED: Argument = Argument::extents(
    "pretrained_window",
    "extent of the windows that the distances are measured by",
    1,
)
.default_is("the window")
.aliases(&["pretrained_window_size"]);
const BUFFERS: Argument = Argument::keyword(
    "index_buffers",
    "how the buffers that follow from the window are stored",
    &["flat", "matrix", "none"],
)
.default_is("`flat`, of a volume `matrix`");
const SCORES: [Argument; 9] = scores::ARGUMENTS;
const ROTARY: [Argument; 13] = rotary::arguments(
    &rotary::LAYER,
    &["none", "linear", "llama3", "yarn", "longrope"],
);
const WITHIN: [Argument; 13] = rotary::arguments(&rotary::WITHIN, rotary::SCALINGS);

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
