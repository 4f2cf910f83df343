//! Fully connected layers.

use core::fmt;

use crate::catalogue::{Args, Argument, Entry, family};
use crate::error::Error;
use crate::extents::Extents;
use crate::formula;
use crate::layer::{self, Tensor, attempt, weight_and_bias};
use crate::shape::Shape;
use crate::value::Value;

/// The kinds of fully connected layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `linear`.
    Linear,
}

const FEATURES: Argument = Argument::int("features", "number of neurons, F", 1)
    .positional()
    .aliases(&["out_features", "units"]);
const BIAS: Argument = Argument::bool("bias", "whether a bias is added per neuron")
    .default(Value::Bool(true))
    .aliases(&["use_bias"]);
const PER_POSITION: Argument = Argument::bool(
    "per_position",
    "whether the layer may work on each position of an image or a volume",
)
.default(Value::Bool(false));

family! {
    /// Fully connected layer: F neurons, each connected to every input feature.
    ///
    /// It acts on the last axis of a vector or a sequence; on an image it needs `flatten` before
    /// it, or `per_position = true`.
    ///
    /// - Output: the input's positions, F features.
    /// - Parameters: `weight` of `F_prev*F`, `bias` of F.
    /// - MACs: positions x `F_prev*F`.
    ///
    /// Source: PyTorch's `Linear`.
    linear: layer::Kind::Dense(Kind::Linear), |entry| entry
        .arguments(&[FEATURES, BIAS, PER_POSITION])
        .weighted()
        .aliases(&["Linear", "Dense", "dense", "fc", "fully_connected"]);
}

/// A fully connected layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dense {
    /// `linear`.
    Linear(Linear),
}

/// The hyperparameters of `linear`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Linear {
    /// F_prev, the features that come in.
    pub in_features: usize,
    /// F, the number of neurons.
    pub out_features: usize,
    /// Whether a bias is added.
    pub bias: bool,
}

impl Dense {
    pub(super) const fn build(kind: Kind, args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        match kind {
            Kind::Linear => Ok(Self::Linear(attempt!(Linear::build(args, &inputs[0])))),
        }
    }

    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        match self {
            Self::Linear(linear) => match inputs[0].with_channels(linear.out_features) {
                Some(shape) => Ok(shape),
                None => Err(formula::overflow("the output shape")),
            },
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        match self {
            Self::Linear(linear) => {
                let weight = Extents::new(&[linear.out_features, linear.in_features]);
                let bias = if linear.bias {
                    Some(linear.out_features)
                } else {
                    None
                };
                weight_and_bias(index, weight, bias)
            }
        }
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        match self {
            Self::Linear(linear) => {
                let what = "the number of multiply-accumulates";
                match inputs[0].positions() {
                    Some(positions) => {
                        formula::product(positions, attempt!(linear.weights()), what)
                    }
                    None => Err(formula::overflow(what)),
                }
            }
        }
    }

    pub(super) fn explain(&self, inputs: &[Shape], f: &mut dyn fmt::Write) -> fmt::Result {
        match self {
            Self::Linear(linear) => {
                let Ok(weights) = linear.weights() else {
                    return Ok(());
                };
                write!(
                    f,
                    "parameters: {}*{}",
                    linear.in_features, linear.out_features
                )?;
                layer::explain_params(weights, linear.bias.then_some(linear.out_features), f)?;
                match self.macs(inputs) {
                    Ok(macs) => layer::explain_macs(inputs[0].spatial(), weights, macs, f),
                    Err(_) => Ok(()),
                }
            }
        }
    }
}

impl Linear {
    const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        let out_features = attempt!(args.int("features"));
        if input.spatial_rank() > 1 && !args.bool("per_position") {
            return Err(Error::LinearOnImage {
                input: *input,
                features: out_features,
            });
        }
        let linear = Self {
            in_features: input.features(),
            out_features,
            bias: args.bool("bias"),
        };
        attempt!(linear.weights());
        Ok(linear)
    }

    const fn weights(&self) -> Result<u64, Error> {
        formula::linear_weights(self.in_features, self.out_features)
    }
}
