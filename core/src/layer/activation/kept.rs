//! What activations keep for the backward pass.

use super::Activation;
use crate::layer::kept::{Backward, Kept, View};
use crate::shape::Shape;

impl Activation {
    /// The result where the slope follows from it, else the input.
    ///
    /// Source: PyTorch's `derivatives.yaml`. Working in place changes nothing: what is
    /// written over is kept as a copy then.
    pub(in crate::layer) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        match self {
            Self::Relu | Self::Sigmoid | Self::Tanh | Self::Exp | Self::Sqrt | Self::Reciprocal => {
                Kept::RESULT.lying(View::Alike)
            }
            Self::Softmax(_) | Self::LogSoftmax(_) | Self::Softmin(_) => Kept::RESULT,
            Self::Tril(_) | Self::Triu(_) => Kept::NOTHING,
            Self::Neg | Self::Rescale { .. } | Self::Floor | Self::Ceil | Self::Sign => {
                Kept::NOTHING.lying(View::Alike)
            }
            Self::Relu6
            | Self::LeakyRelu { .. }
            | Self::PRelu(_)
            | Self::Elu { .. }
            | Self::Selu
            | Self::Celu { .. }
            | Self::Gelu { .. }
            | Self::Silu
            | Self::Mish
            | Self::HardSigmoid
            | Self::HardSwish
            | Self::HardTanh { .. }
            | Self::Clamp { .. }
            | Self::Threshold { .. }
            | Self::Abs
            | Self::Log
            | Self::Square
            | Self::Sin
            | Self::Cos
            | Self::Pow { .. }
            | Self::Softplus { .. } => Kept::INPUT.lying(View::Alike),
            // A quotient, whose denominator is kept too.
            Self::Softsign => Kept::INPUT
                .values(pass.elements(&inputs[0]))
                .lying(View::Alike),
            // The gate.
            Self::QuickGelu => Kept::INPUT
                .values(pass.elements(&inputs[0]))
                .lying(View::Alike),
            // What the square, and what the factor, is of.
            Self::SquaredRelu | Self::Softcap { .. } => Kept::NOTHING
                .values(pass.elements(&inputs[0]))
                .lying(View::Alike),
            // The lengths, as they are and as they are divided by.
            Self::Normalize { along, .. } => {
                let each = inputs[0].extents().at(along.place) as u64;
                let lengths = pass.elements(&inputs[0]) / each;
                Kept::INPUT.values(lengths.saturating_mul(2))
            }
            Self::Glu(_) => Kept::INPUT,
        }
    }
}
