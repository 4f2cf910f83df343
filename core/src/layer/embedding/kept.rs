//! What tables keep for the backward pass.

use super::{BagMode, Embedding, Sinusoids};
use crate::extents::Extents;
use crate::layer::kept::{Backward, Kept, View};
use crate::shape::Shape;

/// What a table keeps that indices are looked up in.
const INDICES: Kept = Kept {
    indices: true,
    ..Kept::INPUT
};

impl Embedding {
    /// The indices, where the gradient of each goes.
    ///
    /// Source: PyTorch's `embedding`, `embedding_bag`; `add` and `cat` keep nothing.
    pub(in crate::layer) const fn keeps(&self, inputs: &[Shape], pass: &Backward) -> Kept {
        match self {
            Self::Lookup {
                entries,
                features,
                parametrization: Some(parametrization),
                ..
            } => parametrization.keeps_made(&Extents::new(&[*entries, *features]), INDICES),
            Self::Lookup { .. } => INDICES,
            // Where each bag begins, how much is in it, and what else there is for a maximum; except
            // for sums also the bag of each index, with one place more.
            Self::Bag { features, mode, .. } => {
                let bags = pass.samples.saturating_mul(2);
                let each = pass.elements(&inputs[0]).saturating_add(1);
                INDICES.indices(bags).indices(match mode {
                    BagMode::Sum => pass.samples,
                    BagMode::Mean => pass.samples.saturating_add(each),
                    BagMode::Max => pass.count(&[*features as u64]).saturating_add(each),
                })
            }
            Self::Sinusoidal(Sinusoids {
                features: Some(_), ..
            }) => Kept::NOTHING,
            Self::Positional { .. } | Self::Sinusoidal(_) => Kept::NOTHING.lying(View::Alike),
            Self::ClassToken { .. }
            | Self::Parameter { .. }
            | Self::Arange { .. }
            | Self::Distances(_)
            | Self::Full { .. } => Kept::NOTHING,
        }
    }
}
