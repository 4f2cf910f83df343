//! Which layer of the language something is.

/// Which layer of the language: the family whose rules it has, and its place in it.
///
/// A number and no reference to the [`Entry`](super::Entry): const evaluation and
/// incremental compilation go through all that a value refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub(crate) rules: Rules,
    pub(crate) place: u8,
}

/// Whose rules a layer has: the families, in the order of the reference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rules {
    /// Convolutions.
    Convolution,
    /// Pooling.
    Pooling,
    /// Fully connected layers.
    Dense,
    /// Tables of learned vectors.
    Embedding,
    /// Normalisations.
    Normalisation,
    /// Activations.
    Activation,
    /// Regularisation: nothing at inference.
    Regularisation,
    /// Changes of shape.
    ShapeOp,
    /// Reductions along axes.
    Reduction,
    /// Recurrent layers.
    Recurrent,
    /// Recurrent layers whose states are images.
    ConvRecurrent,
    /// State spaces.
    StateSpace,
    /// Attention and transformer layers.
    Attention,
    /// Mixtures of experts.
    Mixture,
    /// Merges of several values.
    Merge,
    /// What belongs to no other family.
    Other,
    /// Networks as layers.
    Subnetwork,
    /// Layers of the user's own.
    CustomLayer,
}

impl Kind {
    /// Whose rules it has.
    #[must_use]
    pub const fn rules(self) -> Rules {
        self.rules
    }
}
