//! The axis along which an activation works.

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, Needs};
use crate::shape::{Axis, Shape};
use crate::value::Value;

/// An axis of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Along {
    /// Its name: `channels`.
    pub axis: &'static str,
    /// Its place among the axes of the input, spatial ones first.
    pub place: usize,
}

impl Along {
    /// The axis that the argument `axis` names.
    pub(super) const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        let Value::Keyword(axis) = args.get(name!("axis")) else {
            return Err(Error::Missing { argument: "axis" });
        };
        let Some(named) = Axis::named(axis) else {
            return Err(Error::Missing { argument: "axis" });
        };
        match input.place(named) {
            Some(place) => Ok(Self { axis, place }),
            None => Err(Error::KeywordNeeds {
                argument: "axis",
                keyword: axis,
                needs: Needs::Axis(named),
                input: *input,
                instead: None,
            }),
        }
    }

    /// The input with half of the axis.
    pub(super) const fn halved(&self, input: &Shape) -> Result<Shape, Error> {
        let extent = input.extents().at(self.place);
        if !extent.is_multiple_of(2) {
            return Err(Error::NotMultiple {
                what: match self.place + 1 == input.rank() {
                    true => "channels",
                    false => self.axis,
                },
                value: extent,
                of: 2,
                because: "two halves",
            });
        }
        match Shape::from_extents(input.extents().with(self.place, extent / 2)) {
            Some(half) => Ok(half),
            // Half of an even extent is not 0.
            None => Ok(*input),
        }
    }
}
