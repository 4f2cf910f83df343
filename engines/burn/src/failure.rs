//! What can go wrong in an operation.

use std::fmt;

/// Why an operation of burn's could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// A tensor of so many axes, of which burn's have one to eight here.
    Rank(usize),
    /// Two tensors that should have as many axes as each other.
    Ranks(usize, usize),
    /// A value of another rank, or of other elements, than is asked for.
    Taken {
        /// How many axes were asked for.
        rank: usize,
        /// The extents that there are.
        given: Vec<usize>,
    },
    /// Elements of another kind than the operation is for.
    Elements(&'static str),
    /// An operation that burn does not have for so many spatial axes.
    Spatial(&'static str, usize),
    /// An index beyond a table, or before it.
    Index {
        /// The index.
        index: i64,
        /// How many rows the table has.
        rows: usize,
    },
    /// A number of samples that is not known, which every tensor of burn's knows.
    Batch,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rank(rank) => write!(f, "a tensor of {rank} axes; there are 1 to 8"),
            Self::Ranks(a, b) => write!(f, "tensors of {a} and of {b} axes meet"),
            Self::Taken { rank, given } => {
                write!(
                    f,
                    "floats of {rank} axes are asked for, there are {given:?}"
                )
            }
            Self::Elements(wanted) => write!(f, "{wanted} are asked for"),
            Self::Spatial(what, axes) => write!(f, "no {what} over {axes} axes"),
            Self::Index { index, rows } => write!(
                f,
                "the index {index} is not among the table's {rows} rows, 0 to {}",
                rows.saturating_sub(1)
            ),
            Self::Batch => f.write_str("the number of samples is not known"),
        }
    }
}

impl std::error::Error for Failure {}
