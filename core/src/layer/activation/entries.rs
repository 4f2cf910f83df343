//! What activations and other functions of each element are called and take.

use super::{Along, Slope, Triangle};
use crate::argument::{Argument, name};
use crate::entry::{Entry, family};
use crate::error::{Error, attempt};
use crate::value::Value;

const ANY: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

/// The axis along which the elements depend on each other.
const AXIS: Argument = Argument::keyword(
    "axis",
    "the axis along which the elements depend on each other",
    &["channels", "features", "depth", "height", "width", "length"],
)
.default(Value::Keyword("channels"))
.aliases(&["dim"]);

const fn number(name: &'static str, doc: &'static str) -> Argument {
    Argument::float(name, doc, ANY.0, ANY.1)
}

const DIAGONAL: Argument = Argument::int(
    "diagonal",
    "how far the last diagonal is above the main one",
    0,
)
.positional()
.default(Value::Int(0));
const BELOW: Argument = Argument::int(
    "below",
    "how far it is below the main one: a negative `diagonal`",
    0,
)
.default(Value::Int(0));

const fn alpha(doc: &'static str) -> Argument {
    Argument::float("alpha", doc, ANY.0, ANY.1).default(Value::Float(1.0))
}

family! {
    /// An activation with its constants.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Activation, const fn build(args, inputs);

    /// Rectified linear unit: `max(0, x)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `ReLU`.
    relu = Relu, |entry| entry
        .aliases(&["ReLU", "Relu"]);

    /// Rectified linear unit, at most 6: `min(max(0, x), 6)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `ReLU6`.
    relu6 = Relu6, |entry| entry
        .aliases(&["ReLU6"]);

    /// Leaky rectified linear unit: `x` above 0, `slope*x` below.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `LeakyReLU`.
    leaky_relu = LeakyRelu {
        /// The slope below 0.
        slope: f64 = args.float(name!("slope")),
    }, |entry| entry
        .arguments(&[Argument::float("slope", "slope below 0", ANY.0, ANY.1)
            .positional()
            .default(Value::Float(0.01))
            .aliases(&["negative_slope", "alpha"])])
        .aliases(&["LeakyReLU", "LeakyRelu", "lrelu"]);

    /// Rectified linear unit with a learned slope below 0.
    ///
    /// - Output: the input's shape.
    /// - Parameters: `weight` of 1, or of C with `per_channel = true`.
    /// - No MACs.
    ///
    /// Source: PyTorch's `PReLU` (`num_parameters` is 1 or C).
    prelu = PRelu(Slope = Slope {
                parameters: if args.bool(name!("per_channel")) {
                    inputs[0].channels()
                } else {
                    1
                },
            }), |entry| entry
        .arguments(&[Argument::bool("per_channel", "whether each channel has a slope of its own")
            .default(Value::Bool(false))
            .aliases(&["num_parameters", "parameters"])])
        .weighted()
        .aliases(&["PReLU", "PRelu"]);

    /// Exponential linear unit: `x` above 0, `alpha*(exp(x) - 1)` below.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `ELU`.
    elu = Elu {
        /// The scale below 0.
        alpha: f64 = args.float(name!("alpha")),
    }, |entry| entry
        .arguments(&[alpha("scale below 0")])
        .aliases(&["ELU", "Elu"]);

    /// Scaled exponential linear unit: `1.0507*x above 0, 1.7581*(exp(x) - 1) below`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `SELU`.
    selu = Selu, |entry| entry
        .aliases(&["SELU", "Selu"]);

    /// Continuously differentiable exponential linear unit: `x` above 0,
    /// `alpha*(exp(x/alpha) - 1)` below.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `CELU`.
    celu = Celu {
        /// The scale below 0.
        alpha: f64 = args.float(name!("alpha")),
    }, |entry| entry
        .arguments(&[alpha("scale below 0, not 0")])
        .aliases(&["CELU", "Celu"]);

    /// Gaussian error linear unit: `x` times the normal distribution up to `x`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `GELU`;
    /// `approximate = tanh` is the formula of GPT-2 and BERT.
    gelu = Gelu {
        /// Whether the distribution is approximated with a tangent.
        tanh: bool = args.is(name!("approximate"), "tanh"),
    }, |entry| entry
        .arguments(&[Argument::keyword("approximate", "whether the distribution is approximated", &["none", "tanh"])
            .default(Value::Keyword("none"))])
        .aliases(&["GELU", "Gelu", "gelu_new"]);

    /// Sigmoid linear unit, also called swish: `x*sigmoid(x)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `SiLU`.
    silu = Silu, |entry| entry
        .aliases(&["SiLU", "Swish", "swish"]);

    /// Mish: `x*tanh(softplus(x))`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Mish`.
    mish = Mish, |entry| entry
        .aliases(&["Mish"]);

    /// Logistic sigmoid: `1 / (1 + exp(-x))`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Sigmoid`.
    sigmoid = Sigmoid, |entry| entry
        .aliases(&["Sigmoid", "logistic"]);

    /// Piecewise linear sigmoid: `min(max(0, x + 3), 6) / 6`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Hardsigmoid`.
    hard_sigmoid = HardSigmoid, |entry| entry
        .aliases(&["Hardsigmoid", "HardSigmoid", "hardsigmoid"]);

    /// Piecewise swish: `x*hard_sigmoid(x)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Hardswish`.
    hard_swish = HardSwish, |entry| entry
        .aliases(&["Hardswish", "HardSwish", "hardswish", "hard_silu", "HardSiLU"]);

    /// Hyperbolic tangent: `tanh(x)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Tanh`.
    tanh = Tanh, |entry| entry
        .aliases(&["Tanh"]);

    /// Smooth rectified linear unit: `log(1 + exp(beta*x)) / beta`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Softplus`.
    softplus = Softplus {
        /// How sharp it bends.
        beta: f64 = args.float(name!("beta")),
        /// `beta*x` above which it is linear.
        threshold: f64 = args.float(name!("threshold")),
    }, |entry| entry
        .arguments(&[
            Argument::float("beta", "how sharp it bends", ANY.0, ANY.1).default(Value::Float(1.0)),
            Argument::float("threshold", "`beta*x` above which it is linear", ANY.0, ANY.1)
                .default(Value::Float(20.0)),
        ])
        .aliases(&["Softplus", "SoftPlus"]);

    /// Softsign: `x / (1 + |x|)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Softsign`.
    softsign = Softsign, |entry| entry
        .aliases(&["Softsign"]);

    /// Softmax over the channels (features): positive numbers that add up to 1.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Softmax`; `axis` names
    /// another axis than the channels.
    softmax = Softmax(Along = attempt!(Along::build(args, &inputs[0]))), |entry| entry
        .arguments(&[AXIS])
        .aliases(&["Softmax", "Softmax2d"]);

    /// Logarithm of the softmax over the channels (features).
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `LogSoftmax`; `axis` names
    /// another axis than the channels.
    log_softmax = LogSoftmax(Along = attempt!(Along::build(args, &inputs[0]))), |entry| entry
        .arguments(&[AXIS])
        .aliases(&["LogSoftmax", "logsoftmax"]);

    /// Gated linear unit: the first half of the channels times the sigmoid of the second.
    ///
    /// - Output: half the channels, which must be an even number; with `axis`, half of that axis.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `GLU`.
    glu = Glu(Along = {
        let along = attempt!(Along::build(args, &inputs[0]));
        attempt!(along.halved(&inputs[0]));
        along
    }), |entry| entry
        .arguments(&[AXIS])
        .aliases(&["GLU", "Glu"]);

    /// Softmax of the negative: the least is the largest share.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Softmin`; `axis` names
    /// another axis than the channels.
    softmin = Softmin(Along = attempt!(Along::build(args, &inputs[0]))), |entry| entry
        .arguments(&[AXIS])
        .aliases(&["Softmin"]);

    /// Approximate Gaussian error linear unit: `x*sigmoid(1.702*x)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: CLIP; `transformers`'
    /// `QuickGELUActivation`.
    quick_gelu = QuickGelu, |entry| entry
        .aliases(&["QuickGELU", "QuickGELUActivation"]);

    /// Squared rectified linear unit: `max(0, x)^2`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: So et al. 2021, Primer; `transformers`'
    /// `relu2`.
    squared_relu = SquaredRelu, |entry| entry
        .aliases(&["relu2", "ReLUSquared"]);

    /// `x` no less than `least` and no more than `most`: -1 and 1 where nothing is written.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Hardtanh`.
    hard_tanh = HardTanh {
        /// The least that comes out.
        least: f64 = args.float(name!("least")),
        /// The most that comes out.
        most: f64 = args.float(name!("most")),
    }, |entry| entry
        .arguments(&[
            number("least", "the least that comes out").default(Value::Float(-1.0)).aliases(&["min_val"]),
            number("most", "the most that comes out").default(Value::Float(1.0)).aliases(&["max_val"]),
        ])
        .aliases(&["Hardtanh", "HardTanh"]);

    /// `x` no less than `least` and no more than `most`, of which one may be left out.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `clamp`.
    clamp = Clamp {
        /// The least that comes out.
        least: f64 = match (args.has(name!("least")), args.has(name!("most"))) {
            (true, _) => args.float(name!("least")),
            (false, true) => f64::NEG_INFINITY,
            (false, false) => return Err(Error::Missing { argument: "least" }),
        },
        /// The most that comes out.
        most: f64 = match args.has(name!("most")) {
            true => args.float(name!("most")),
            false => f64::INFINITY,
        },
    }, |entry| entry
        .arguments(&[
            number("least", "the least that comes out").default_is("no bound").aliases(&["min"]),
            number("most", "the most that comes out").default_is("no bound").aliases(&["max"]),
        ])
        .aliases(&["clip", "Clip"]);

    /// `x` where it is above `threshold`, else `value`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Threshold`.
    threshold = Threshold {
        /// What `x` is compared with.
        threshold: f64 = args.float(name!("threshold")),
        /// What stands for what is not above it.
        value: f64 = args.float(name!("value")),
    }, |entry| entry
        .arguments(&[
            number("threshold", "what the input is compared with").positional(),
            number("value", "what stands for what is not above it").positional(),
        ])
        .aliases(&["Threshold"]);

    /// Absolute value: `|x|`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `abs`.
    abs = Abs, |entry| entry.aliases(&["Abs"]);

    /// Exponential: `e^x`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `exp`.
    exp = Exp, |entry| entry.aliases(&["Exp"]);

    /// Natural logarithm: `ln(x)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `log`.
    log = Log, |entry| entry.aliases(&["Log", "ln"]);

    /// Square root.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `sqrt`.
    sqrt = Sqrt, |entry| entry.aliases(&["Sqrt"]);

    /// Square: `x^2`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `square`.
    square = Square, |entry| entry.aliases(&["Square"]);

    /// Negative: `-x`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `neg`.
    neg = Neg, |entry| entry.aliases(&["Neg", "negative"]);

    /// Reciprocal: `1 / x`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `reciprocal`.
    reciprocal = Reciprocal, |entry| entry.aliases(&["Reciprocal"]);

    /// The whole number below: `floor(x)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `floor`, whose gradient is 0.
    floor = Floor, |entry| entry.aliases(&["Floor"]);

    /// The whole number above: `ceil(x)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `ceil`, whose gradient is 0.
    ceil = Ceil, |entry| entry.aliases(&["Ceil", "ceiling"]);

    /// The sign: 1, -1, or 0 of 0.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `sign`, whose gradient is 0.
    sign = Sign, |entry| entry.aliases(&["Sign", "sgn"]);

    /// Sine.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `sin`.
    sin = Sin, |entry| entry.aliases(&["Sin"]);

    /// Cosine.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `cos`.
    cos = Cos, |entry| entry.aliases(&["Cos"]);

    /// Power: `x^exponent`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `pow`.
    pow = Pow {
        /// The exponent.
        exponent: f64 = args.float(name!("exponent")),
    }, |entry| entry
        .arguments(&[number("exponent", "the exponent").positional()])
        .aliases(&["Pow"]);

    /// A factor and an offset that are not learned: `factor*x + offset`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: Keras's `Rescaling`; products and sums
    /// with numbers in PyTorch.
    rescale = Rescale {
        /// What `x` is multiplied by.
        factor: f64 = args.float(name!("factor")),
        /// What is added then.
        offset: f64 = args.float(name!("offset")),
    }, |entry| entry
        .arguments(&[
            number("factor", "what the input is multiplied by").positional().aliases(&["scale"]),
            number("offset", "what is added then").default(Value::Float(0.0)),
        ])
        .aliases(&["Rescaling"]);

    /// Numbers kept below a cap, smoothly: `cap*tanh(x/cap)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: Gemma 2 (`final_logit_softcapping`).
    softcap = Softcap {
        /// The cap.
        cap: f64 = args.float(name!("cap")),
    }, |entry| entry
        .arguments(&[Argument::float("cap", "what the size stays below", f64::MIN_POSITIVE, ANY.1)
            .positional()])
        .aliases(&["final_logit_softcapping", "logits_soft_cap"]);

    /// Each vector divided by its length, or by `eps` where that is more.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `normalize`; `axis` names
    /// another axis than the channels, `p` another norm than the Euclidean.
    normalize = Normalize {
        /// The axis of the vectors.
        along: Along = attempt!(Along::build(args, &inputs[0])),
        /// The exponent of the norm.
        p: f64 = args.float(name!("p")),
        /// The least that is divided by.
        eps: f64 = args.float(name!("eps")),
    }, |entry| entry
        .arguments(&[
            AXIS,
            Argument::float("p", "the exponent of the norm", f64::MIN_POSITIVE, ANY.1)
                .default(Value::Float(2.0)),
            Argument::float("eps", "the least that is divided by", 0.0, ANY.1)
                .default(Value::Float(1e-12)),
        ])
        .aliases(&["l2_normalize", "UnitNormalization", "normalise"]);

    /// The lower triangle of a matrix: what is right of a diagonal becomes 0.
    ///
    /// The matrix is that of the last two axes: a sequence's positions and features, and with more axes in
    /// front as many matrices. Element `[i, j]` stays where `j <= i + diagonal - below`. What becomes 0 may be
    /// infinite or NaN.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `tril`, whose negative
    /// `diagonal` is `below`.
    tril = Tril(Triangle = attempt!(Triangle::build(args, &inputs[0]))), |entry| entry
        .arguments(&[DIAGONAL, BELOW]);

    /// The upper triangle of a matrix: what is left of a diagonal becomes 0.
    ///
    /// The matrix is that of the last two axes: a sequence's positions and features, and with more axes in
    /// front as many matrices. Element `[i, j]` stays where `j >= i + diagonal - below`. Of
    /// `full_like(-1e9)` of a square, `triu(1)` is a causal mask.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `triu`, whose negative
    /// `diagonal` is `below`.
    triu = Triu(Triangle = attempt!(Triangle::build(args, &inputs[0]))), |entry| entry
        .arguments(&[DIAGONAL, BELOW])
        .aliases(&["Trilu", "band_part"]);
}
