//! Weights that are made of other tensors: weight and spectral normalisation.
//!
//! Source: PyTorch's `torch.nn.utils.parametrizations`; Salimans and Kingma 2016, Miyato et al. 2018.

use core::fmt;

use crate::argument::{Accepts, Argument, name};
use crate::entry::Args;
use crate::error::{Error, attempt};
use crate::extents::Extents;
use crate::layer::explain::{Figured, Lines};
use crate::layer::kept::Kept;
use crate::layer::{Role, Tensor, TensorName, weight_and_bias};
use crate::number::Grouped;
use crate::value::Value;

/// How many arguments say it: the last ones of a layer that takes them.
const ARGUMENTS: usize = 5;

pub(super) const WEIGHT_NORM: Argument = Argument::bool(
    "weight_norm",
    "whether the weight is a direction times a length, both learned",
)
.default(Value::Bool(false));
pub(super) const SPECTRAL_NORM: Argument = Argument::bool(
    "spectral_norm",
    "whether the weight is divided by its largest singular value",
)
.default(Value::Bool(false))
.aliases(&["sn", "spectral_normalization"]);
pub(super) const NORM_DIM: Argument =
    Argument::int("norm_dim", "axis of the weight that is normalised along", 0)
        .accepting(Accepts {
            int: true,
            keywords: &["all"],
            ..Accepts::NOTHING
        })
        .default_is("0; 1 of `conv_transpose` with `spectral_norm`")
        .aliases(&["dim"]);
pub(super) const POWER_ITERATIONS: Argument = Argument::int(
    "power_iterations",
    "how often a step of training comes nearer to the singular value",
    1,
)
.default_is("1")
.aliases(&["n_power_iterations"]);
pub(super) const OLD_NAMES: Argument = Argument::bool(
    "old_names",
    "whether the tensors are called `weight_g`, `weight_v`, `weight_orig`, `weight_u`",
)
.default_is("`false`");

/// How the weight of a layer is made of other tensors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parametrization {
    /// What is made of them.
    pub norm: WeightNorm,
    /// Whether the tensors have the names of PyTorch's older functions,
    /// `torch.nn.utils.weight_norm` and `spectral_norm`.
    pub old_names: bool,
}

/// How a weight is normalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeightNorm {
    /// `g * v / |v|`: each slice of `v` along an axis of the weight, or the whole, has a length of
    /// its own, g.
    Length {
        /// The axis, `None` where the weight has one length.
        axis: Option<usize>,
    },
    /// The weight divided by its largest singular value, as a matrix whose rows are the slices
    /// along an axis.
    Spectral {
        /// The axis.
        axis: usize,
        /// How often a step of training comes nearer to the singular value.
        power_iterations: usize,
    },
}

impl Parametrization {
    /// What the last arguments of a layer say, whose weight has these extents; `spectral_axis` is
    /// PyTorch's default of `spectral_norm`.
    pub(super) const fn build(
        args: &Args,
        axes: usize,
        spectral_axis: usize,
    ) -> Result<Option<Self>, Error> {
        // Nearly every layer has none.
        if !args.writes_last(ARGUMENTS) {
            return Ok(None);
        }
        let (weight, spectral) = (
            args.bool(name!("weight_norm")),
            args.bool(name!("spectral_norm")),
        );
        if weight && spectral {
            return Err(excludes("spectral_norm", "weight_norm"));
        }
        if args.has(name!("power_iterations")) && weight {
            return Err(excludes("power_iterations", "weight_norm"));
        }
        let norm = match (weight, spectral) {
            (true, _) => WeightNorm::Length {
                axis: attempt!(axis(args, axes, 0)),
            },
            (false, true) => WeightNorm::Spectral {
                axis: match attempt!(axis(args, axes, spectral_axis)) {
                    Some(axis) => axis,
                    None => return Err(excludes("norm_dim = all", "spectral_norm")),
                },
                power_iterations: match args.get(name!("power_iterations")) {
                    Value::None => 1,
                    _ => attempt!(args.int(name!("power_iterations"))),
                },
            },
            (false, false) => return unused(args),
        };
        Ok(Some(Self {
            norm,
            old_names: args.bool(name!("old_names")),
        }))
    }

    /// The tensors of which a weight of these extents is made, beside a bias. Those of the
    /// weight stand first, so that layers that share theirs have them at the same places.
    pub(super) const fn tensor(
        &self,
        index: usize,
        weight: Extents,
        bias: Option<usize>,
    ) -> Option<Tensor> {
        let of_weight = self.of_weight();
        if index < of_weight {
            let (extents, name) = match (self.norm, index, self.old_names) {
                (WeightNorm::Length { axis }, 0, false) => {
                    (lengths(&weight, axis), "parametrizations.weight.original0")
                }
                (WeightNorm::Length { axis }, _, true) if index == 0 => {
                    (lengths(&weight, axis), "weight_g")
                }
                (WeightNorm::Length { .. }, _, false) => {
                    (weight, "parametrizations.weight.original1")
                }
                (WeightNorm::Length { .. }, _, true) => (weight, "weight_v"),
                (WeightNorm::Spectral { .. }, _, false) => {
                    (weight, "parametrizations.weight.original")
                }
                (WeightNorm::Spectral { .. }, _, true) => (weight, "weight_orig"),
            };
            return Some(Tensor {
                name: TensorName::plain(name),
                extents,
                role: Role::Weight,
            });
        }
        if bias.is_some() && index == of_weight {
            return weight_and_bias(1, weight, bias);
        }
        let WeightNorm::Spectral { axis, .. } = self.norm else {
            return None;
        };
        let (rows, columns) = matrix(&weight, axis);
        match (index - of_weight - bias.is_some() as usize, self.old_names) {
            (0, false) => Some(buffer("parametrizations.weight.0._u", rows)),
            (0, true) => Some(buffer("weight_u", rows)),
            (1, false) => Some(buffer("parametrizations.weight.0._v", columns)),
            (1, true) => Some(buffer("weight_v", columns)),
            _ => None,
        }
    }

    /// How many tensors the weight is made of that are learned.
    const fn of_weight(&self) -> usize {
        match self.norm {
            WeightNorm::Length { .. } => 2,
            WeightNorm::Spectral { .. } => 1,
        }
    }

    /// How many lengths are learned beside a weight of these extents.
    #[must_use]
    pub const fn lengths(&self, weight: &Extents) -> usize {
        match self.norm {
            WeightNorm::Length { axis: Some(axis) } => weight.at(axis),
            WeightNorm::Length { axis: None } => 1,
            WeightNorm::Spectral { .. } => 0,
        }
    }

    /// What a layer keeps for the backward pass, beside what it does with a weight of its own:
    /// this weight, which is no parameter, and what making it keeps.
    pub(super) const fn keeps(&self, weight: &Extents, kept: Kept) -> Kept {
        let elements = match weight.product() {
            Some(elements) => elements,
            None => u64::MAX,
        };
        self.keeps_made(weight, kept.values(elements))
    }

    /// What making a weight of these extents keeps: by what it was divided.
    ///
    /// Source: PyTorch's `_weight_norm`, which is one function along the first and the last axis;
    /// `parametrizations.spectral_norm`.
    pub(super) const fn keeps_made(&self, weight: &Extents, kept: Kept) -> Kept {
        let lengths = self.lengths(weight) as u64;
        match self.norm {
            WeightNorm::Length { axis: Some(axis) } if axis == 0 || axis + 1 == weight.len() => {
                kept.statistics(lengths)
            }
            // The norms and the quotients.
            WeightNorm::Length { axis: None } => kept.values(2),
            // The axis in front, for the norms.
            WeightNorm::Length { axis: Some(_) } => {
                let elements = match weight.product() {
                    Some(elements) => elements,
                    None => u64::MAX,
                };
                kept.values(elements).values(lengths.saturating_mul(2))
            }
            // Both vectors as they were, and the value.
            WeightNorm::Spectral { axis, .. } => {
                let (rows, columns) = matrix(weight, axis);
                kept.values(rows as u64).values(columns as u64).values(1)
            }
        }
    }

    /// Writes the line of buffers: `buffers: 64 + 27 = 91`.
    pub(super) fn explain(&self, weight: &Extents, lines: &mut Lines<'_>) -> fmt::Result {
        let WeightNorm::Spectral { axis, .. } = self.norm else {
            return Ok(());
        };
        let (rows, columns) = matrix(weight, axis);
        let both = (rows as u64).saturating_add(columns as u64);
        let formula = format_args!("{rows} + {columns}");
        lines.tell(Figured::Buffers, "buffers", formula, Grouped(both))
    }
}

/// The tensors of a layer with a weight of these extents and, where there is one, a bias.
pub(super) const fn tensor(
    index: usize,
    weight: Extents,
    bias: Option<usize>,
    parametrization: &Option<Parametrization>,
) -> Option<Tensor> {
    match parametrization {
        Some(parametrization) => parametrization.tensor(index, weight, bias),
        None => weight_and_bias(index, weight, bias),
    }
}

/// Writes the parameters, the weights as a product, and the buffers.
pub(super) fn explain(
    parametrization: Option<&Parametrization>,
    weight: &Extents,
    product: impl fmt::Display,
    bias: Option<usize>,
    lines: &mut Lines<'_>,
) -> fmt::Result {
    let weights = weight.product().unwrap_or(u64::MAX);
    let Some(parametrization) = parametrization else {
        return lines.params(product, weights, bias);
    };
    match parametrization.lengths(weight) {
        0 => lines.params(product, weights, bias)?,
        lengths => {
            let weights = weights.saturating_add(lengths as u64);
            lines.params(format_args!("{product} + {lengths}"), weights, bias)?;
        }
    }
    parametrization.explain(weight, lines)
}

/// The axis of a weight that is written, or a default; nothing for all of them.
const fn axis(args: &Args, axes: usize, default: usize) -> Result<Option<usize>, Error> {
    let axis = match args.get(name!("norm_dim")) {
        Value::None => default,
        Value::Keyword(_) => return Ok(None),
        _ => attempt!(args.int(name!("norm_dim"))),
    };
    if axis < axes {
        return Ok(Some(axis));
    }
    Err(Error::TooLarge {
        argument: "norm_dim",
        value: axis,
        most: axes - 1,
        what: "the last axis of the weight",
    })
}

/// No parametrization, where nothing says how it would be that is not there. A switch that is
/// written, as `weight_norm = false`, may have been a block's parameter.
const fn unused(args: &Args) -> Result<Option<Parametrization>, Error> {
    if args.writes(name!("weight_norm")) || args.writes(name!("spectral_norm")) {
        return Ok(None);
    }
    let (argument, other) = if args.has(name!("norm_dim")) {
        ("norm_dim", "weight_norm")
    } else if args.has(name!("power_iterations")) {
        ("power_iterations", "spectral_norm")
    } else if args.bool(name!("old_names")) {
        ("old_names", "weight_norm")
    } else {
        return Ok(None);
    };
    Err(Error::Requires { argument, other })
}

const fn excludes(argument: &'static str, other: &'static str) -> Error {
    Error::Excludes { argument, other }
}

const fn buffer(name: &'static str, elements: usize) -> Tensor {
    Tensor::new(name, &[elements], Role::Buffer)
}

/// The extents of the lengths: those of the weight with 1 along all other axes; none where
/// there is one length.
const fn lengths(weight: &Extents, axis: Option<usize>) -> Extents {
    match axis {
        Some(axis) => Extents::splat(1, weight.len()).with(axis, weight.at(axis)),
        None => Extents::EMPTY,
    }
}

/// The rows and columns of a weight whose slices along an axis are rows.
const fn matrix(weight: &Extents, axis: usize) -> (usize, usize) {
    let mut columns: usize = 1;
    let mut other = 0;
    while other < weight.len() {
        if other != axis {
            columns = columns.saturating_mul(weight.at(other));
        }
        other += 1;
    }
    (weight.at(axis), columns)
}
