//! The value of an argument, as a rule of a layer reads it.

use core::fmt;

use crate::extents::{Extents, Sides};

mod equation;

pub use equation::{Equation, Letters};

/// The value of a layer's argument.
///
/// Which of these an argument takes is said by its
/// [`Argument`](crate::catalogue::Argument) in the catalogue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value {
    /// Not given, and without a default.
    None,
    /// A whole number: `96`.
    Int(u64),
    /// A number with a point: `0.5`.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// One number per axis: `3x3`, `[0, 3]`.
    Extents(Extents),
    /// Two numbers per axis: `[(0, 1), (0, 1)]`.
    Sides(Sides),
    /// A word that the argument knows: `same`.
    Keyword(&'static str),
    /// A half-open range: `0..3`.
    Range(usize, usize),
    /// Another value of the network; the number is its place among the layer's
    /// inputs.
    Input(usize),
    /// A product over named axes: `"lk,km->lm"`.
    Equation(Equation),
}

impl fmt::Display for Value {
    /// The value as it is written in a network.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Extents(value) => write!(f, "{value}"),
            Self::Sides(value) => write!(f, "{value}"),
            Self::Keyword(value) => f.write_str(value),
            Self::Range(start, end) => write!(f, "{start}..{end}"),
            Self::Input(place) => write!(f, "input {place}"),
            Self::Equation(value) => write!(f, "\"{value}\""),
        }
    }
}
