//! Activations: functions of each element, or along one axis.

use core::fmt;

use crate::catalogue::{Args, Argument, Entry, family, name};
use crate::error::Error;
use crate::graph::Convention;
use crate::graph::convention::elements;
use crate::layer::{self, Memory, Receptive, Role, Tensor, attempt};
use crate::report::Grouped;
use crate::shape::Shape;
use crate::value::Value;

mod along;

pub use along::Along;

/// The kinds of activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `relu`.
    Relu,
    /// `relu6`.
    Relu6,
    /// `leaky_relu`.
    LeakyRelu,
    /// `prelu`.
    PRelu,
    /// `elu`.
    Elu,
    /// `selu`.
    Selu,
    /// `celu`.
    Celu,
    /// `gelu`.
    Gelu,
    /// `silu`.
    Silu,
    /// `mish`.
    Mish,
    /// `sigmoid`.
    Sigmoid,
    /// `hard_sigmoid`.
    HardSigmoid,
    /// `hard_swish`.
    HardSwish,
    /// `tanh`.
    Tanh,
    /// `softplus`.
    Softplus,
    /// `softsign`.
    Softsign,
    /// `softmax`.
    Softmax,
    /// `log_softmax`.
    LogSoftmax,
    /// `glu`.
    Glu,
}

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
    /// Rectified linear unit: `max(0, x)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `ReLU`.
    relu: layer::Kind::Activation(Kind::Relu), |entry| entry
        .aliases(&["ReLU", "Relu"]);

    /// Rectified linear unit, at most 6: `min(max(0, x), 6)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `ReLU6`.
    relu6: layer::Kind::Activation(Kind::Relu6), |entry| entry
        .aliases(&["ReLU6"]);

    /// Leaky rectified linear unit: `x` above 0, `slope*x` below.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `LeakyReLU`.
    leaky_relu: layer::Kind::Activation(Kind::LeakyRelu), |entry| entry
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
    prelu: layer::Kind::Activation(Kind::PRelu), |entry| entry
        .arguments(&[Argument::bool("per_channel", "whether each channel has a slope of its own")
            .default(Value::Bool(false))
            .aliases(&["num_parameters", "parameters"])])
        .weighted()
        .aliases(&["PReLU", "PRelu"]);

    /// Exponential linear unit: `x` above 0, `alpha*(exp(x) - 1)` below.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `ELU`.
    elu: layer::Kind::Activation(Kind::Elu), |entry| entry
        .arguments(&[alpha("scale below 0")])
        .aliases(&["ELU", "Elu"]);

    /// Scaled exponential linear unit: `1.0507*x above 0, 1.7581*(exp(x) - 1) below`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `SELU`.
    selu: layer::Kind::Activation(Kind::Selu), |entry| entry
        .aliases(&["SELU", "Selu"]);

    /// Continuously differentiable exponential linear unit: `x` above 0,
    /// `alpha*(exp(x/alpha) - 1)` below.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `CELU`.
    celu: layer::Kind::Activation(Kind::Celu), |entry| entry
        .arguments(&[alpha("scale below 0, not 0")])
        .aliases(&["CELU", "Celu"]);

    /// Gaussian error linear unit: `x` times the normal distribution up to `x`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `GELU`;
    /// `approximate = tanh` is the formula of GPT-2 and BERT.
    gelu: layer::Kind::Activation(Kind::Gelu), |entry| entry
        .arguments(&[Argument::keyword("approximate", "whether the distribution is approximated", &["none", "tanh"])
            .default(Value::Keyword("none"))])
        .aliases(&["GELU", "Gelu", "gelu_new"]);

    /// Sigmoid linear unit, also called swish: `x*sigmoid(x)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `SiLU`.
    silu: layer::Kind::Activation(Kind::Silu), |entry| entry
        .aliases(&["SiLU", "Swish", "swish"]);

    /// Mish: `x*tanh(softplus(x))`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Mish`.
    mish: layer::Kind::Activation(Kind::Mish), |entry| entry
        .aliases(&["Mish"]);

    /// Logistic sigmoid: `1 / (1 + exp(-x))`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Sigmoid`.
    sigmoid: layer::Kind::Activation(Kind::Sigmoid), |entry| entry
        .aliases(&["Sigmoid", "logistic"]);

    /// Piecewise linear sigmoid: `min(max(0, x + 3), 6) / 6`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Hardsigmoid`.
    hard_sigmoid: layer::Kind::Activation(Kind::HardSigmoid), |entry| entry
        .aliases(&["Hardsigmoid", "HardSigmoid", "hardsigmoid"]);

    /// Piecewise swish: `x*hard_sigmoid(x)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Hardswish`.
    hard_swish: layer::Kind::Activation(Kind::HardSwish), |entry| entry
        .aliases(&["Hardswish", "HardSwish", "hardswish", "hard_silu", "HardSiLU"]);

    /// Hyperbolic tangent: `tanh(x)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Tanh`.
    tanh: layer::Kind::Activation(Kind::Tanh), |entry| entry
        .aliases(&["Tanh"]);

    /// Smooth rectified linear unit: `log(1 + exp(beta*x)) / beta`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Softplus`.
    softplus: layer::Kind::Activation(Kind::Softplus), |entry| entry
        .arguments(&[
            Argument::float("beta", "how sharp it bends", ANY.0, ANY.1).default(Value::Float(1.0)),
            Argument::float("threshold", "`beta*x` above which it is linear", ANY.0, ANY.1)
                .default(Value::Float(20.0)),
        ])
        .aliases(&["Softplus", "SoftPlus"]);

    /// Softsign: `x / (1 + |x|)`.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Softsign`.
    softsign: layer::Kind::Activation(Kind::Softsign), |entry| entry
        .aliases(&["Softsign"]);

    /// Softmax over the channels (features): positive numbers that add up to 1.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Softmax`; `axis` names
    /// another axis than the channels.
    softmax: layer::Kind::Activation(Kind::Softmax), |entry| entry
        .arguments(&[AXIS])
        .aliases(&["Softmax", "Softmax2d"]);

    /// Logarithm of the softmax over the channels (features).
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `LogSoftmax`; `axis` names
    /// another axis than the channels.
    log_softmax: layer::Kind::Activation(Kind::LogSoftmax), |entry| entry
        .arguments(&[AXIS])
        .aliases(&["LogSoftmax", "logsoftmax"]);

    /// Gated linear unit: the first half of the channels times the sigmoid of the second.
    ///
    /// - Output: half the channels, which must be an even number; with `axis`, half of that axis.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `GLU`.
    glu: layer::Kind::Activation(Kind::Glu), |entry| entry
        .arguments(&[AXIS])
        .aliases(&["GLU", "Glu"]);
}

/// An activation with its constants.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// `relu`.
    Relu,
    /// `relu6`.
    Relu6,
    /// `leaky_relu`.
    LeakyRelu {
        /// The slope below 0.
        slope: f64,
    },
    /// `prelu`.
    PRelu(Slope),
    /// `elu`.
    Elu {
        /// The scale below 0.
        alpha: f64,
    },
    /// `selu`.
    Selu,
    /// `celu`.
    Celu {
        /// The scale below 0.
        alpha: f64,
    },
    /// `gelu`.
    Gelu {
        /// Whether the distribution is approximated with a tangent.
        tanh: bool,
    },
    /// `silu`.
    Silu,
    /// `mish`.
    Mish,
    /// `sigmoid`.
    Sigmoid,
    /// `hard_sigmoid`.
    HardSigmoid,
    /// `hard_swish`.
    HardSwish,
    /// `tanh`.
    Tanh,
    /// `softplus`.
    Softplus {
        /// How sharp it bends.
        beta: f64,
        /// `beta*x` above which it is linear.
        threshold: f64,
    },
    /// `softsign`.
    Softsign,
    /// `softmax`.
    Softmax(Along),
    /// `log_softmax`.
    LogSoftmax(Along),
    /// `glu`.
    Glu(Along),
}

/// The learned slope of `prelu` below 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slope {
    /// How many slopes there are: 1, or one per channel.
    pub parameters: usize,
}

impl Activation {
    pub(super) const fn build(kind: Kind, args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let input = &inputs[0];
        Ok(match kind {
            Kind::Relu => Self::Relu,
            Kind::Relu6 => Self::Relu6,
            Kind::LeakyRelu => Self::LeakyRelu {
                slope: args.float(name!("slope")),
            },
            Kind::PRelu => Self::PRelu(Slope {
                parameters: if args.bool(name!("per_channel")) {
                    input.channels()
                } else {
                    1
                },
            }),
            Kind::Elu => Self::Elu {
                alpha: args.float(name!("alpha")),
            },
            Kind::Selu => Self::Selu,
            Kind::Celu => Self::Celu {
                alpha: args.float(name!("alpha")),
            },
            Kind::Gelu => Self::Gelu {
                tanh: args.is(name!("approximate"), "tanh"),
            },
            Kind::Silu => Self::Silu,
            Kind::Mish => Self::Mish,
            Kind::Sigmoid => Self::Sigmoid,
            Kind::HardSigmoid => Self::HardSigmoid,
            Kind::HardSwish => Self::HardSwish,
            Kind::Tanh => Self::Tanh,
            Kind::Softplus => Self::Softplus {
                beta: args.float(name!("beta")),
                threshold: args.float(name!("threshold")),
            },
            Kind::Softsign => Self::Softsign,
            Kind::Softmax => Self::Softmax(attempt!(Along::build(args, input))),
            Kind::LogSoftmax => Self::LogSoftmax(attempt!(Along::build(args, input))),
            Kind::Glu => {
                let along = attempt!(Along::build(args, input));
                attempt!(along.halved(input));
                Self::Glu(along)
            }
        })
    }

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

    pub(super) fn explain(&self, inputs: &[Shape], f: &mut dyn fmt::Write) -> fmt::Result {
        match self {
            Self::PRelu(slope) => writeln!(f, "parameters: {}", Grouped(slope.parameters as u64)),
            Self::Glu(along) => {
                let extent = inputs[0].extents().at(along.place);
                writeln!(f, "{}: {extent} / 2 = {}", along.axis, extent / 2)
            }
            _ => Ok(()),
        }
    }
}
