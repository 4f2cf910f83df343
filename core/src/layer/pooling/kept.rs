//! What poolings keep for the backward pass.

use super::Pooling;
use crate::layer::kept::{Backward, Kept};
use crate::layer::window::padded;
use crate::shape::Shape;
use crate::window::Window;

impl Pooling {
    /// The input, and where the maxima are.
    ///
    /// Source: PyTorch's `max_pool2d_with_indices`, `avg_pool2d`, `adaptive_avg_pool2d` (which
    /// is a mean where one position comes out), `lp_pool2d` (which consists of other functions).
    pub(in crate::layer) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        let input = &inputs[0];
        let output = match self.output(inputs, 0) {
            Ok(output) => pass.elements(&output),
            Err(_) => 0,
        };
        match self {
            Self::Max(pool) => read(&pool.window, input, pass).indices(output),
            Self::Average { pool, .. } => read(&pool.window, input, pass),
            // The powers, and of each sum its sign, its part above 0, itself and its multiple.
            Self::Power { .. } => Kept::INPUT
                .values(pass.elements(input))
                .values(output.saturating_mul(4)),
            Self::AdaptiveAverage { size } => match size.product() {
                Some(1) => Kept::NOTHING,
                _ => Kept::INPUT,
            },
            Self::AdaptiveMax { .. } | Self::GlobalMax => Kept::INPUT.indices(output),
            Self::GlobalAverage => Kept::NOTHING,
        }
    }
}

/// The input that a window moves over, with what is added on one side only.
const fn read(window: &Window, input: &Shape, pass: &Backward) -> Kept {
    match padded(window, input) {
        Some(elements) => Kept::NOTHING.values(pass.samples.saturating_mul(elements)),
        None => Kept::INPUT,
    }
}
