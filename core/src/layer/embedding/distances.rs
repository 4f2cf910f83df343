//! How far positions are apart, as places in a table.

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::formula;
use crate::shape::Shape;

/// The hyperparameters of `relative_positions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RelativePositions {
    /// How many places the table has.
    pub entries: usize,
    /// The place of a position and itself.
    pub zero: usize,
    /// The distance from which on all have the last place, where places further out are wider.
    pub max_distance: Option<usize>,
    /// Whether what comes later is further on in the table; otherwise what comes before.
    pub ahead: bool,
    /// Which input has the positions of the keys.
    pub keys: usize,
}

impl RelativePositions {
    pub(super) const fn build(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        attempt!(counted(&inputs[0]));
        let keys = match args.place(name!("keys")) {
            Some(place) if place < inputs.len() => {
                attempt!(counted(&inputs[place]));
                place
            }
            _ => 0,
        };
        let entries = attempt!(args.int(name!("entries")));
        let zero = if args.has(name!("zero")) {
            attempt!(args.int(name!("zero")))
        } else {
            entries / 2
        };
        if zero >= entries {
            return Err(Error::TooLarge {
                argument: "zero",
                value: zero,
                most: entries - 1,
                what: "the last place of the table",
            });
        }
        let max_distance = if args.has(name!("max_distance")) {
            let most = attempt!(args.int(name!("max_distance")));
            // Half of a side are single distances, and the others reach further.
            if zero < 4 {
                return Err(Error::TooSmall {
                    argument: if args.has(name!("zero")) {
                        "zero"
                    } else {
                        "entries"
                    },
                    least: if args.has(name!("zero")) { 4 } else { 8 },
                });
            }
            if most < zero / 2 + 2 {
                return Err(Error::TooSmall {
                    argument: "max_distance",
                    least: zero as u64 / 2 + 2,
                });
            }
            Some(most)
        } else {
            None
        };
        Ok(Self {
            entries,
            zero,
            max_distance,
            ahead: args.bool(name!("ahead")),
            keys,
        })
    }

    pub(super) const fn output(&self, inputs: &[Shape]) -> Result<Shape, Error> {
        let queries = inputs[0].extents().at(0);
        let keys = inputs[self.keys].extents().at(0);
        match Shape::try_new(&[queries, keys]) {
            Some(shape) => Ok(shape),
            None => Err(formula::overflow("the output shape")),
        }
    }
}

/// The error for a value that has no positions in a row, if it has none.
const fn counted(input: &Shape) -> Result<(), Error> {
    if input.rank() <= 2 {
        return Ok(());
    }
    Err(Error::InputRank {
        needs: Needs::Words("a vector or a sequence, whose positions are counted"),
        input: *input,
    })
}
