//! What errors speak of.

use crate::shape::Axis;

/// What a layer takes, or an argument's keyword needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// A sequence.
    Sequence,
    /// A sequence, an image or a volume: one to three spatial axes.
    Positions,
    /// An input with this axis.
    Axis(Axis),
    /// What these words say: "an image".
    Words(&'static str),
}

impl Needs {
    /// In words: "a sequence".
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Sequence => "a sequence",
            Self::Positions => "a sequence, an image or a volume",
            Self::Axis(axis) => axis.found_in(),
            Self::Words(words) => words,
        }
    }

    /// Whether it is a sequence and nothing else.
    pub(super) const fn is_sequence(self) -> bool {
        matches!(self, Self::Sequence | Self::Axis(Axis::Length))
    }
}

/// What a list of numbers makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Numbers.
    Elements,
    /// Places along the spatial axes.
    Positions,
    /// The extent of the last axis of an image.
    Channels,
}

impl Counted {
    pub(super) const fn noun(self) -> &'static str {
        match self {
            Self::Elements => "elements",
            Self::Positions => "positions",
            Self::Channels => "channels",
        }
    }
}

/// On what two inputs of a layer should agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// All extents.
    Shapes,
    /// All extents, unless one of them is `1x1xC` or `C` and
    /// `broadcast = true` is written.
    Broadcast,
    /// All extents but the last: the positions.
    Positions,
    /// All extents but the one at this place, along which values are joined.
    Beside(usize),
    /// The last extent: the channels, the features.
    Features,
    /// The features of the first and the positions of the second: a product of
    /// matrices.
    Product,
}
