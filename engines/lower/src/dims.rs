//! What is known of a value: its extents and what its elements are.

use std::fmt;

/// The extent of an axis of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dim {
    /// So many elements.
    Size(usize),
    /// As many as there are samples in the batch, where that is not known: an
    /// engine that only records says so. At most one axis of a value has it.
    Batch,
}

/// What the elements of a value are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Elements {
    /// Numbers with a point, of the engine's type.
    Float,
    /// Whole numbers: indices.
    Int,
    /// Truth values.
    Bool,
}

impl Dim {
    /// The extent, where it is known.
    #[must_use]
    pub const fn size(self) -> Option<usize> {
        match self {
            Self::Size(size) => Some(size),
            Self::Batch => None,
        }
    }
}

impl fmt::Display for Dim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size(size) => write!(f, "{size}"),
            Self::Batch => f.write_str("N"),
        }
    }
}

impl fmt::Display for Elements {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Float => "floats",
            Self::Int => "integers",
            Self::Bool => "truth values",
        })
    }
}

/// Extents as they are written in messages: `N x 3 x 224 x 224`.
pub(crate) fn written(dims: &[Dim]) -> String {
    let dims: Vec<_> = dims.iter().map(ToString::to_string).collect();
    match dims.is_empty() {
        true => "a single number".to_owned(),
        false => dims.join(" x "),
    }
}

/// These extents, all of them known.
pub(crate) fn sizes(extents: &[usize]) -> Vec<Dim> {
    extents.iter().copied().map(Dim::Size).collect()
}
