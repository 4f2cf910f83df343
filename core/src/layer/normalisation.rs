//! Normalisations.

use core::fmt;

use crate::catalogue::{Args, Argument, Entry, family};
use crate::error::Error;
use crate::layer::{self, Role, Tensor, attempt};
use crate::shape::Shape;
use crate::value::Value;

/// The kinds of normalisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `batch_norm`.
    Batch,
    /// `local_response_norm`.
    LocalResponse,
}

const AFFINE: Argument =
    Argument::bool("affine", "whether a weight and a bias are learned").default(Value::Bool(true));
const TRACK: Argument = Argument::bool(
    "track_running_stats",
    "whether the mean and the variance are kept for inference",
)
.default(Value::Bool(true));

const fn eps(default: f64) -> Argument {
    Argument::float("eps", "what is added to the variance", 0.0, f64::INFINITY)
        .default(Value::Float(default))
        .aliases(&["epsilon"])
}

family! {
    /// Batch normalisation, per channel.
    ///
    /// - Output: the input's shape.
    /// - Parameters: `weight` and `bias` of C each; buffers `running_mean`, `running_var` of C each,
    ///   never parameters.
    /// - No MACs.
    ///
    /// Source: PyTorch's `BatchNorm1d`, `BatchNorm2d`, `BatchNorm3d`.
    batch_norm: layer::Kind::Normalisation(Kind::Batch), |entry| entry
        .arguments(&[
            eps(1e-5),
            Argument::float("momentum", "weight of the newest batch in the running statistics", 0.0, 1.0)
                .default(Value::Float(0.1)),
            AFFINE,
            TRACK,
        ])
        .weighted()
        .aliases(&["BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "BatchNormalization", "bn", "batchnorm"]);

    /// Local response normalisation over neighbouring channels.
    ///
    /// - Output: the input's shape.
    /// - No parameters, no MACs.
    ///
    /// Source: PyTorch's `LocalResponseNorm`; Krizhevsky et al. 2012, section 3.3.
    local_response_norm: layer::Kind::Normalisation(Kind::LocalResponse), |entry| entry
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

/// A normalisation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Normalisation {
    /// `batch_norm`.
    Batch(BatchNorm),
    /// `local_response_norm`.
    LocalResponse {
        /// The number of neighbouring channels.
        size: usize,
        /// The scale of the sum.
        alpha: f64,
        /// The exponent.
        beta: f64,
        /// What is added to the sum.
        k: f64,
    },
}

/// The hyperparameters of `batch_norm`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BatchNorm {
    /// C, the channels.
    pub features: usize,
    /// What is added to the variance.
    pub eps: f64,
    /// The weight of the newest batch in the running statistics.
    pub momentum: f64,
    /// Whether a weight and a bias are learned.
    pub affine: bool,
    /// Whether running statistics are kept.
    pub track_running_stats: bool,
}

impl Normalisation {
    pub(super) const fn build(kind: Kind, args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        Ok(match kind {
            Kind::Batch => Self::Batch(BatchNorm {
                features: inputs[0].channels(),
                eps: args.float("eps"),
                momentum: args.float("momentum"),
                affine: args.bool("affine"),
                track_running_stats: args.bool("track_running_stats"),
            }),
            Kind::LocalResponse => {
                if inputs[0].rank() < 2 {
                    return Err(Error::InputRank {
                        needs: "a sequence, an image or a volume",
                        input: inputs[0],
                    });
                }
                Self::LocalResponse {
                    size: attempt!(args.int("size")),
                    alpha: args.float("alpha"),
                    beta: args.float("beta"),
                    k: args.float("k"),
                }
            }
        })
    }

    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        Ok(inputs[0])
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        let Self::Batch(norm) = self else {
            return None;
        };
        let skipped = if norm.affine { 0 } else { 2 };
        let place = index + skipped;
        let (name, role) = match place {
            0 => ("weight", Role::Weight),
            1 => ("bias", Role::Bias),
            2 if norm.track_running_stats => ("running_mean", Role::Buffer),
            3 if norm.track_running_stats => ("running_var", Role::Buffer),
            _ => return None,
        };
        Some(Tensor::new(name, &[norm.features], role))
    }

    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) fn explain(&self, _inputs: &[Shape], f: &mut dyn fmt::Write) -> fmt::Result {
        match self {
            Self::Batch(norm) if norm.affine => {
                write!(f, "parameters: {}", norm.features)?;
                layer::explain_params(norm.features as u64, Some(norm.features), f)
            }
            _ => Ok(()),
        }
    }
}
