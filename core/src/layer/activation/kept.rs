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
            Self::Relu | Self::Sigmoid | Self::Tanh => Kept::RESULT.lying(View::Alike),
            Self::Softmax(_) | Self::LogSoftmax(_) => Kept::RESULT,
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
            | Self::Softplus { .. } => Kept::INPUT.lying(View::Alike),
            // A quotient, whose denominator is kept too.
            Self::Softsign => Kept::INPUT
                .values(pass.elements(&inputs[0]))
                .lying(View::Alike),
            Self::Glu(_) => Kept::INPUT,
        }
    }
}
