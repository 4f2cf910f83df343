//! What errors speak of.

use crate::shape::{Axis, Shape};

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

/// What is wrong with the equation of a product over named axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EquationFault {
    /// It has no arrow, or several.
    Arrow,
    /// It has something that is no letter.
    Character(u8),
    /// It has another number of operands than are given.
    Operands {
        /// How many are given.
        given: usize,
    },
    /// An operand has another number of letters than its value axes.
    Axes {
        /// Which operand.
        place: usize,
        /// Its value.
        input: Shape,
        /// Whether all of them have one more, as if the batch were written.
        batch: bool,
    },
    /// A letter that is there twice for one value.
    Twice(u8),
    /// Nothing stands behind the arrow.
    NoResult,
    /// A letter of the result that no operand has.
    Unknown(u8),
    /// A letter that stands for different extents.
    Differs {
        /// The letter.
        letter: u8,
        /// The extents.
        extents: [usize; 2],
        /// The values that have them.
        shapes: [Shape; 2],
    },
    /// A product on the way that has more axes than a value can have.
    Product {
        /// The last operand that is in it.
        place: usize,
        /// How many axes it has.
        axes: usize,
    },
}
