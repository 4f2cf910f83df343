//! The triangles of matrices.

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::shape::Shape;

/// Where a triangle ends: at a diagonal, which it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Triangle {
    /// How far the diagonal is above the main one, towards later columns.
    pub diagonal: usize,
    /// How far it is below that.
    pub below: usize,
}

impl Triangle {
    pub(super) const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        if input.rank() < 2 {
            return Err(Error::InputRank {
                needs: Needs::Words("a sequence, or what has more axes"),
                input: *input,
            });
        }
        Ok(Self {
            diagonal: attempt!(args.int(name!("diagonal"))),
            below: attempt!(args.int(name!("below"))),
        })
    }
}
