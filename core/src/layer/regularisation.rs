//! Regularisation: what changes training and is nothing at inference.

use core::fmt;

use crate::argument::{Argument, name};
use crate::entry::{Entry, family};
use crate::error::Error;
use crate::layer::Convention;
use crate::layer::explain::Lines;
use crate::layer::kept::{Backward, Kept, View};
use crate::layer::{Memory, Receptive, Tensor};
use crate::shape::Shape;
use crate::value::Value;

const P: Argument = Argument::float("p", "probability of zero", 0.0, 1.0)
    .positional()
    .aliases(&["rate"]);

family! {
    /// A regularisation.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Regularisation, const fn build(args, inputs);

    /// Dropout: each element is zero with probability `p` in training.
    ///
    /// Output: the input's shape. No parameters, no MACs. Source: PyTorch's `Dropout`.
    dropout = Dropout {
        /// The probability of zero.
        p: f64 = args.float(name!("p")),
    }, |entry| entry
        .arguments(&[P.default(Value::Float(0.5))])
        .aliases(&["Dropout", "Dropout1d", "Dropout2d", "Dropout3d", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"]);

    /// Stochastic depth: a residual branch is zero with probability `p` in training, as a whole.
    ///
    /// It stands at the end of the body of a residual. Output: the input's shape. No parameters, no
    /// MACs. Source: torchvision's `StochasticDepth`; Huang et al. 2016.
    stochastic_depth = StochasticDepth {
        /// The probability of zero.
        p: f64 = args.float(name!("p")),
        /// Whether the whole batch is dropped, rather than samples one by one.
        batch: bool = args.is(name!("mode"), "batch"),
    }, |entry| entry
        .arguments(&[
            P,
            Argument::keyword("mode", "whether samples are dropped one by one or the whole batch", &["row", "batch"])
                .default(Value::Keyword("row")),
        ])
        .aliases(&["StochasticDepth", "DropPath", "drop_path"]);
}

impl Regularisation {
    pub(super) const fn results(&self) -> usize {
        1
    }

    pub(super) const fn output(&self, inputs: &[Shape], _result: usize) -> Result<Shape, Error> {
        Ok(inputs[0])
    }

    pub(super) const fn tensor(&self, _index: usize) -> Option<Tensor> {
        None
    }

    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) const fn macs_by(
        &self,
        _convention: Convention,
        _inputs: &[Shape],
    ) -> Result<u64, Error> {
        Ok(0)
    }

    pub(super) const fn memory(&self) -> Memory {
        Memory::Absent
    }

    /// The noise, by which the gradient is multiplied, too; nothing where nothing is dropped.
    ///
    /// Source: PyTorch's `dropout`, torchvision's `stochastic_depth`.
    pub(super) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        let kept = match self {
            Self::Dropout { p } | Self::StochasticDepth { p, .. } if *p == 0.0 => {
                return Kept::NOTHING.lying(View::Same);
            }
            Self::Dropout { .. } => Kept::NOTHING.mask(pass.elements(&inputs[0])),
            Self::StochasticDepth { batch: true, .. } => Kept::NOTHING.values(1),
            Self::StochasticDepth { batch: false, .. } => Kept::NOTHING.values(pass.samples),
        };
        kept.lying(View::Alike)
    }

    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        Receptive::SAME
    }

    pub(super) fn explain(&self, _inputs: &[Shape], _lines: &mut Lines<'_>) -> fmt::Result {
        Ok(())
    }
}
