//! What normalisations are called and take.

use super::{Affine, ChannelNorm, HeadWeights, groups, has_positions, last};
use crate::argument::{Argument, name};
use crate::entry::{Entry, family};
use crate::error::attempt;
use crate::extents::Extents;
use crate::value::Value;

const AFFINE: Argument = Argument::bool("affine", "whether a weight and a bias are learned")
    .default(Value::Bool(true))
    .aliases(&["elementwise_affine"]);
const ELEMENTWISE_AFFINE: Argument = Argument::bool(
    "elementwise_affine",
    "whether a weight and a bias are learned",
)
.default(Value::Bool(true))
.aliases(&["affine"]);
const WEIGHT: Argument = Argument::bool("weight", "whether an affine layer has a weight")
    .default(Value::Bool(true))
    .aliases(&["scale", "gamma"]);
const BIAS: Argument = Argument::bool("bias", "whether an affine layer has a bias")
    .default(Value::Bool(true))
    .aliases(&["center", "beta", "use_bias"]);
const TRACK: Argument = Argument::bool(
    "track_running_stats",
    "whether the mean and the variance are kept for inference",
)
.default(Value::Bool(true));
const FROZEN: Argument =
    Argument::bool("frozen", "whether training changes nothing of it").default(Value::Bool(false));
const MOMENTUM: Argument = Argument::float(
    "momentum",
    "weight of the newest batch in the running statistics",
    0.0,
    1.0,
)
.default(Value::Float(0.1));
const GROUPS: Argument = Argument::int(
    "groups",
    "number of groups that the channels are split into",
    1,
)
.positional()
.aliases(&["num_groups"]);
const AXES: Argument = Argument::int(
    "axes",
    "how many of the last axes are normalised over together",
    1,
)
.default(Value::Int(1))
.aliases(&["normalized_shape", "axis"]);

const fn eps(default: f64) -> Argument {
    without_eps_default().default(Value::Float(default))
}

const fn without_eps_default() -> Argument {
    Argument::float("eps", "what is added to the variance", 0.0, f64::INFINITY)
        .aliases(&["epsilon"])
}

const HEADS: Argument = Argument::int(
    "heads",
    "parts of the features that are normalised apart",
    1,
)
.default(Value::Int(1))
.aliases(&["num_heads"]);
const HEAD_WEIGHTS: Argument = Argument::keyword(
    "head_weights",
    "whether all heads have one weight, or each its own, in a vector or in a matrix",
    &["shared", "joined", "separate"],
)
.default(Value::Keyword("shared"));

family! {
    /// A normalisation.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Normalisation, const fn build(args, inputs);

    /// Batch normalisation, per channel.
    ///
    /// - Output: the input's shape.
    /// - Parameters: `weight` and `bias` of C each; buffers `running_mean`, `running_var` of C each,
    ///   never parameters. PyTorch's counter `num_batches_tracked` is training's, not the model's, and
    ///   is not counted.
    /// - No MACs.
    ///
    /// With `frozen = true` all four are buffers, which training leaves as they are, and there is no counter.
    ///
    /// Source: PyTorch's `BatchNorm1d`, `BatchNorm2d`, `BatchNorm3d`; `weight` and `bias` apart as
    /// Keras's `scale` and `center`; torchvision's `FrozenBatchNorm2d`.
    batch_norm = Batch(ChannelNorm = attempt!(ChannelNorm::of_batches(args, &inputs[0]))), |entry| entry
        .arguments(&[eps(1e-5), MOMENTUM, AFFINE, WEIGHT, BIAS, TRACK, FROZEN])
        .weighted()
        .aliases(&["BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "BatchNormalization", "bn", "batchnorm", "FrozenBatchNorm2d"]);

    /// Layer normalisation, over the last axis of each position.
    ///
    /// With `axes = 3` it is over the last three axes together, `C*W*H` numbers of an image; with `heads`
    /// over each of so many parts of the features, as queries and keys are.
    ///
    /// - Output: the input's shape.
    /// - Parameters: `weight` and `bias` with an element for each that is normalised over. Over all
    ///   axes of an image or a volume they are stored channels first, as PyTorch's images are, else in
    ///   the order of the notation. Of h heads all have the same F/h numbers; with `head_weights = joined`
    ///   each has its own, stored as F, or with `separate` as `h x F/h`.
    /// - No MACs.
    ///
    /// Source: PyTorch's `LayerNorm`, whose `normalized_shape` comes from the input here.
    layer_norm = Layer {
        /// How many of the last axes are normalised over.
        axes: usize = attempt!(args.int(name!("axes"))),
        /// What is added to the variance.
        eps: f64 = args.float(name!("eps")),
        /// The learned scale and shift, an element each that is normalised over.
        affine: Affine = Affine::build(
            args,
            name!("elementwise_affine"),
            attempt!(last(args, &inputs[0])),
        ),
        /// The parts of the features that are normalised apart.
        heads: usize = attempt!(args.int(name!("heads"))),
        /// Which heads have which weights.
        head_weights: HeadWeights = HeadWeights::of(args),
    }, |entry| entry
        .arguments(&[AXES, eps(1e-5), ELEMENTWISE_AFFINE, WEIGHT, BIAS, HEADS, HEAD_WEIGHTS])
        .weighted()
        .aliases(&["LayerNorm", "LayerNormalization", "ln", "layernorm"]);

    /// Group normalisation: over the positions and the channels of each group.
    ///
    /// - Output: the input's shape; the groups must divide the channels.
    /// - Parameters: `weight` and `bias` of C each.
    /// - No MACs.
    ///
    /// Source: PyTorch's `GroupNorm`.
    group_norm = Group {
        /// The number of groups.
        groups: usize = attempt!(groups(args, &inputs[0])),
        /// What is added to the variance.
        eps: f64 = args.float(name!("eps")),
        /// The learned scale and shift per channel.
        affine: Affine = Affine::build(
            args,
            name!("affine"),
            Extents::new(&[inputs[0].channels()]),
        ),
    }, |entry| entry
        .arguments(&[GROUPS, eps(1e-5), AFFINE, WEIGHT, BIAS])
        .weighted()
        .aliases(&["GroupNorm", "GroupNormalization", "gn", "groupnorm"]);

    /// Instance normalisation: over the positions, per channel and sample.
    ///
    /// Without `affine = true` it has no parameters, without `track_running_stats = true` no buffers,
    /// and then it needs more than one position.
    ///
    /// - Output: the input's shape.
    /// - Parameters: `weight` and `bias` of C each; buffers `running_mean`, `running_var` of C each.
    /// - No MACs.
    ///
    /// Source: PyTorch's `InstanceNorm1d`, `InstanceNorm2d`, `InstanceNorm3d`.
    instance_norm = Instance(ChannelNorm = attempt!(ChannelNorm::of_instances(args, &inputs[0]))), |entry| entry
        .arguments(&[
            eps(1e-5),
            MOMENTUM,
            AFFINE.default(Value::Bool(false)),
            WEIGHT,
            BIAS,
            TRACK.default(Value::Bool(false)),
        ])
        .weighted()
        .aliases(&["InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d", "InstanceNormalization", "instancenorm"]);

    /// Root mean square normalisation, over the last axis of each position.
    ///
    /// With `heads` it is over each of so many parts of the features, as queries and keys are normalised;
    /// with `unit_offset` the scale is one more than its weight, as in Gemma.
    ///
    /// - Output: the input's shape.
    /// - Parameters: `weight` with an element for each that is normalised over, stored as that of
    ///   `layer_norm`; no bias.
    /// - No MACs.
    ///
    /// Source: PyTorch's `RMSNorm`; Zhang and Sennrich 2019. Groups of Mamba-2's `MambaRMSNormGated` are
    /// `heads` with `head_weights = joined`.
    rms_norm = RootMeanSquare {
        /// How many of the last axes are normalised over.
        axes: usize = attempt!(args.int(name!("axes"))),
        /// What is added to the mean square; `None` for the spacing of the
        /// type's numbers at 1.
        eps: Option<f64> = match args.has(name!("eps")) {
            true => Some(args.float(name!("eps"))),
            false => None,
        },
        /// The learned scale, an element for each that is normalised over.
        affine: Affine = Affine {
            extents: attempt!(last(args, &inputs[0])),
            weight: args.bool(name!("elementwise_affine")),
            bias: false,
        },
        /// The parts of the features that are normalised apart.
        heads: usize = attempt!(args.int(name!("heads"))),
        /// Which heads have which weights.
        head_weights: HeadWeights = HeadWeights::of(args),
        /// Whether the scale is one more than its weight.
        unit_offset: bool = args.bool(name!("unit_offset")),
    }, |entry| entry
        .arguments(&[
            AXES,
            without_eps_default().default_is("the spacing of the type's numbers at 1"),
            ELEMENTWISE_AFFINE,
            HEADS,
            HEAD_WEIGHTS,
            Argument::bool("unit_offset", "whether the scale is one more than its weight")
                .default(Value::Bool(false)),
        ])
        .weighted()
        .aliases(&["RMSNorm", "RMSNormalization", "rmsnorm"]);

    /// Local response normalisation over neighbouring channels.
    ///
    /// - Output: the input's shape.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `LocalResponseNorm`; Krizhevsky et al. 2012, section 3.3.
    local_response_norm = LocalResponse {
        /// The number of neighbouring channels.
        size: usize = {
            attempt!(has_positions(&inputs[0]));
            attempt!(args.int(name!("size")))
        },
        /// The scale of the sum.
        alpha: f64 = args.float(name!("alpha")),
        /// The exponent.
        beta: f64 = args.float(name!("beta")),
        /// What is added to the sum.
        k: f64 = args.float(name!("k")),
    }, |entry| entry
        .arguments(&[
            Argument::int("size", "number of neighbouring channels", 1).positional(),
            Argument::float("alpha", "scale of the sum", f64::NEG_INFINITY, f64::INFINITY)
                .default(Value::Float(1e-4)),
            Argument::float("beta", "exponent", f64::NEG_INFINITY, f64::INFINITY)
                .default(Value::Float(0.75)),
            Argument::float("k", "what is added to the sum", f64::NEG_INFINITY, f64::INFINITY)
                .default(Value::Float(1.0)),
        ])
        .aliases(&["LocalResponseNorm", "lrn", "LRN"]);
}
