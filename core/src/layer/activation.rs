//! Activations: functions of each element, or along one axis.

use core::fmt;

use crate::argument::{Argument, name};
use crate::entry::{Entry, family};
use crate::error::{Error, attempt};
use crate::layer::Convention;
use crate::layer::convention::elements;
use crate::layer::explain::{Figured, Lines};
use crate::layer::{Memory, Receptive, Role, Tensor};
use crate::number::Grouped;
use crate::shape::Shape;
use crate::value::Value;

mod along;
mod kept;

pub use along::Along;

const ANY: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

/// The axis along which the elements depend on each other.
const AXIS: Argument = Argument::keyword(
    "axis",
    "the axis along which the elements depend on each other",
    &["channels", "features", "depth", "height", "width", "length"],
)
.default(Value::Keyword("channels"))
.aliases(&["dim"]);

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
}

/// The learned slope of `prelu` below 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slope {
    /// How many slopes there are: 1, or one per channel.
    pub parameters: usize,
}

impl Activation {
    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        match self {
            Self::Glu(along) => along.halved(&inputs[0]),
            _ => Ok(inputs[0]),
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        match (self, index) {
            (Self::PRelu(slope), 0) => {
                Some(Tensor::new("weight", &[slope.parameters], Role::Weight))
            }
            _ => None,
        }
    }

    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) const fn macs_by(
        &self,
        convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        let times = match (convention, self) {
            (
                Convention::Ptflops,
                Self::Relu | Self::PRelu(_) | Self::Elu { .. } | Self::Gelu { .. },
            ) => 2,
            (
                Convention::Ptflops,
                Self::Relu6 | Self::LeakyRelu { .. } | Self::Silu | Self::Softmax(_),
            ) => 1,
            _ => 0,
        };
        elements(times, &inputs[0])
    }

    pub(super) const fn memory(&self) -> Memory {
        match self {
            // These need more than the element in their own place.
            Self::Softmax(_) | Self::LogSoftmax(_) | Self::Glu(_) => Memory::Fresh,
            _ => Memory::InPlace,
        }
    }

    pub(super) const fn receptive(&self, inputs: &[Shape], _place: usize) -> Receptive {
        match self {
            Self::Softmax(along) | Self::LogSoftmax(along) | Self::Glu(along) => {
                Receptive::whole_along(along.place, &inputs[0])
            }
            _ => Receptive::SAME,
        }
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        match self {
            Self::PRelu(slope) => {
                let slopes = Grouped(slope.parameters as u64);
                lines.result(Figured::Params, "parameters", slopes)
            }
            Self::Glu(along) => {
                let extent = inputs[0].extents().at(along.place);
                lines.output(along.axis, format_args!("{extent} / 2"), extent / 2)
            }
            _ => Ok(()),
        }
    }
}
