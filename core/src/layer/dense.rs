//! Fully connected layers.

use core::fmt;

use crate::argument::{Argument, name};
use crate::entry::{Args, Entry, family};
use crate::error::{Agreement, Error, Needs, attempt};
use crate::extents::Extents;
use crate::formula;
use crate::layer::Convention;
use crate::layer::convention::{elements, plus};
use crate::layer::explain::Lines;
use crate::layer::kept::{Backward, Kept};
use crate::layer::parametrization::{
    self, NORM_DIM, OLD_NAMES, POWER_ITERATIONS, Parametrization, SPECTRAL_NORM, WEIGHT_NORM,
};
use crate::layer::{Memory, Receptive, Tensor};
use crate::shape::Shape;
use crate::value::Value;

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

const TRANSPOSED: Argument = Argument::bool(
    "transposed",
    "whether the weight is stored with the features that come in first",
)
.default(Value::Bool(false));

family! {
    /// A fully connected layer.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Dense, const fn build(args, inputs);

    /// Fully connected layer: F neurons, each connected to every input feature.
    ///
    /// It acts on the last axis of a vector or a sequence; on an image it needs `flatten` before
    /// it, or `per_position = true`.
    ///
    /// - Output: the input's positions, F features.
    /// - Parameters: `weight` of `F_prev*F`, `bias` of F. It is stored as `F x F_prev`, with
    ///   `transposed = true` as `F_prev x F`.
    /// - MACs: positions x `F_prev*F`.
    ///
    /// `weight_norm` and `spectral_norm` make the weight as they do for `conv`.
    ///
    /// Source: PyTorch's `Linear`; transposed, `transformers`' `Conv1D` of GPT-2.
    linear = Linear(Linear = attempt!(Linear::build(args, &inputs[0]))), |entry| entry
        .arguments(&[
            FEATURES, BIAS, PER_POSITION, TRANSPOSED,
            WEIGHT_NORM, SPECTRAL_NORM, NORM_DIM, POWER_ITERATIONS, OLD_NAMES,
        ])
        .weighted()
        .aliases(&["Linear", "Dense", "dense", "fc", "fully_connected"]);

    /// Bilinear layer: F neurons, each a form of two values, `x1' * A * x2 + b`.
    ///
    /// Both values are vectors, or sequences of one length.
    ///
    /// - Output: the inputs' positions, F features.
    /// - Parameters: `weight` of `F*F1*F2` (`F x F1 x F2`), `bias` of F.
    /// - MACs: positions x `F*F1*F2`.
    ///
    /// `weight_norm` and `spectral_norm` make the weight as they do for `conv`.
    ///
    /// Source: PyTorch's `Bilinear`.
    bilinear = Bilinear(Bilinear = attempt!(Bilinear::build(args, inputs))), |entry| entry
        .arguments(&[
            FEATURES,
            Argument::value("other", "the second value").positional().aliases(&["input2"]),
            BIAS,
            WEIGHT_NORM, SPECTRAL_NORM, NORM_DIM, POWER_ITERATIONS, OLD_NAMES,
        ])
        .weighted()
        .aliases(&["Bilinear"]);
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
    /// Whether the weight is stored with the features that come in first.
    pub transposed: bool,
    /// How the weight is made of other tensors, where it is.
    pub parametrization: Option<Parametrization>,
}

/// The hyperparameters of `bilinear`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bilinear {
    /// F1 and F2, the features of both values.
    pub in_features: [usize; 2],
    /// F, the number of neurons.
    pub out_features: usize,
    /// Whether a bias is added.
    pub bias: bool,
    /// How the weight is made of other tensors, where it is.
    pub parametrization: Option<Parametrization>,
}

impl Dense {
    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        match inputs[0].with_channels(self.out_features()) {
            Some(shape) => Ok(shape),
            None => Err(formula::overflow("the output shape")),
        }
    }

    pub(super) const fn tensor(&self, index: usize) -> Option<Tensor> {
        let parametrization = self.parametrization();
        parametrization::tensor(index, self.weight(), self.bias(), &parametrization)
    }

    /// The extents of the weight.
    const fn weight(&self) -> Extents {
        let out = self.out_features();
        match self {
            Self::Linear(linear) if linear.transposed => Extents::new(&[linear.in_features, out]),
            Self::Linear(linear) => Extents::new(&[out, linear.in_features]),
            Self::Bilinear(bilinear) => {
                let [first, second] = bilinear.in_features;
                Extents::new(&[out, first, second])
            }
        }
    }

    const fn bias(&self) -> Option<usize> {
        match self {
            Self::Linear(Linear { bias: true, .. })
            | Self::Bilinear(Bilinear { bias: true, .. }) => Some(self.out_features()),
            _ => None,
        }
    }

    /// How the weight is made of other tensors, where it is.
    pub(super) const fn parametrization(&self) -> Option<Parametrization> {
        match self {
            Self::Linear(linear) => linear.parametrization,
            Self::Bilinear(bilinear) => bilinear.parametrization,
        }
    }

    pub(super) const fn macs(&self, inputs: &[Shape]) -> Result<u64, Error> {
        let what = "the number of multiply-accumulates";
        match inputs[0].positions() {
            Some(positions) => formula::product(positions, attempt!(self.weights()), what),
            None => Err(formula::overflow(what)),
        }
    }

    pub(super) const fn macs_by(
        &self,
        convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        match (convention, self) {
            (Convention::Ptflops, Self::Linear(Linear { bias: true, .. })) => plus(
                attempt!(self.macs(inputs)),
                elements(1, &attempt!(self.output(inputs, 0))),
            ),
            (_, Self::Linear(_)) => self.macs(inputs),
            (_, Self::Bilinear(_)) => Ok(0),
        }
    }

    pub(super) const fn memory(&self) -> Memory {
        Memory::Fresh
    }

    /// What is multiplied by the weights.
    ///
    /// Source: PyTorch's `linear` (`addmm`), which has the positions in a row; `bilinear`.
    pub(super) const fn keeps(&self, inputs: &[Shape], _pass: &Backward) -> Kept {
        let kept = match inputs[0].spatial_rank() {
            0 => Kept::INPUT,
            _ => Kept::NOTHING.row(0),
        };
        let kept = match self {
            Self::Linear(_) => kept,
            Self::Bilinear(_) => match inputs.len() {
                // A form of a value with itself.
                1 => kept,
                _ => kept.row(1),
            },
        };
        match self.parametrization() {
            Some(parametrization) => parametrization.keeps(&self.weight(), kept),
            None => kept,
        }
    }

    pub(super) const fn receptive(&self, inputs: &[Shape], place: usize) -> Receptive {
        Receptive::per_position(&inputs[place])
    }

    pub(super) fn explain(&self, inputs: &[Shape], lines: &mut Lines<'_>) -> fmt::Result {
        let Ok(weights) = self.weights() else {
            return Ok(());
        };
        let out = self.out_features();
        let product = fmt::from_fn(|f| match self {
            Self::Linear(linear) => write!(f, "{}*{out}", linear.in_features),
            Self::Bilinear(bilinear) => {
                let [first, second] = bilinear.in_features;
                write!(f, "{first}*{second}*{out}")
            }
        });
        let parametrization = self.parametrization();
        let normed = parametrization.as_ref();
        parametrization::explain(normed, &self.weight(), product, self.bias(), lines)?;
        match self.macs(inputs) {
            Ok(macs) => lines.macs(inputs[0].spatial(), weights, macs),
            Err(_) => Ok(()),
        }
    }

    const fn out_features(&self) -> usize {
        match self {
            Self::Linear(linear) => linear.out_features,
            Self::Bilinear(bilinear) => bilinear.out_features,
        }
    }

    const fn weights(&self) -> Result<u64, Error> {
        match self {
            Self::Linear(linear) => linear.weights(),
            Self::Bilinear(bilinear) => bilinear.weights(),
        }
    }
}

impl Linear {
    const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        let out_features = attempt!(args.int(name!("features")));
        if input.spatial_rank() > 1 && !args.bool(name!("per_position")) {
            return Err(Error::LinearOnImage {
                input: *input,
                features: out_features,
            });
        }
        let linear = Self {
            in_features: input.features(),
            out_features,
            bias: args.bool(name!("bias")),
            transposed: args.bool(name!("transposed")),
            parametrization: attempt!(Parametrization::build(args, 2, 0)),
        };
        attempt!(linear.weights());
        Ok(linear)
    }

    const fn weights(&self) -> Result<u64, Error> {
        formula::linear_weights(self.in_features, self.out_features)
    }
}

impl Bilinear {
    const fn build(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let out_features = attempt!(args.int(name!("features")));
        let input = &inputs[0];
        let (place, other) = match args.place(name!("other")) {
            Some(place) if place < inputs.len() => (place, &inputs[place]),
            _ => return Err(Error::Missing { argument: "other" }),
        };
        if input.rank() > 2 {
            return Err(Error::InputRank {
                needs: Needs::Words("vectors or sequences"),
                input: *input,
            });
        }
        if !input.spatial().equals(&other.spatial()) {
            return Err(Error::Operands {
                places: [0, place],
                shapes: [*input, *other],
                agree: Agreement::Positions,
            });
        }
        let bilinear = Self {
            in_features: [input.features(), other.features()],
            out_features,
            bias: args.bool(name!("bias")),
            parametrization: attempt!(Parametrization::build(args, 3, 0)),
        };
        attempt!(bilinear.weights());
        Ok(bilinear)
    }

    const fn weights(&self) -> Result<u64, Error> {
        let [first, second] = self.in_features;
        formula::product_of(
            &[first as u64, second as u64, self.out_features as u64],
            "the number of weights",
        )
    }
}
