//! Elements by indices, and elements repeated.

use super::{list, shape};
use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::shape::{Axis, Shape};
use crate::value::Value;

/// The hyperparameters of `index_select` and `gather`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IndexSelect {
    /// Which input holds the indices.
    pub index: usize,
    /// The place of the axis along which they count.
    pub axis: usize,
}

impl IndexSelect {
    pub(super) const fn build(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let input = &inputs[0];
        let index = match args.place(name!("index")) {
            Some(place) if place < inputs.len() => place,
            _ => return Err(Error::Missing { argument: "index" }),
        };
        if inputs[index].rank() != 1 {
            return Err(Error::InputRank {
                needs: Needs::Words("a vector of indices as its `index`"),
                input: inputs[index],
            });
        }
        Self::along(args, input, index)
    }

    /// That of `gather`: indices on as many axes as the input has.
    pub(super) const fn gather(args: &Args, inputs: &[Shape]) -> Result<Self, Error> {
        let input = &inputs[0];
        let index = match args.place(name!("index")) {
            Some(place) if place < inputs.len() => place,
            _ => return Err(Error::Missing { argument: "index" }),
        };
        let select = attempt!(Self::along(args, input, index));
        let (own, indices) = (input.extents(), inputs[index].extents());
        let mut fits = own.len() == indices.len();
        let mut axis = 0;
        while fits && axis < own.len() {
            let extent = indices.at(axis);
            fits = axis == select.axis || extent == 1 || extent == own.at(axis);
            axis += 1;
        }
        if !fits {
            return Err(Error::InputRank {
                needs: Needs::Words("an `index` with its extents, or 1, on all other axes"),
                input: inputs[index],
            });
        }
        Ok(select)
    }

    const fn along(args: &Args, input: &Shape, index: usize) -> Result<Self, Error> {
        let word = args.word(name!("axis"));
        let Some(axis) = Axis::named(word) else {
            return Err(Error::Missing { argument: "axis" });
        };
        match input.place(axis) {
            Some(axis) => Ok(Self { index, axis }),
            None => Err(Error::KeywordNeeds {
                argument: "axis",
                keyword: word,
                needs: Needs::Axis(axis),
                input: *input,
                instead: None,
            }),
        }
    }

    pub(super) const fn output(&self, inputs: &[Shape]) -> Result<Shape, Error> {
        let indices = inputs[self.index].extents();
        // A vector counts along the axis; what has all axes along its own.
        let count = match indices.len() {
            1 => indices.at(0),
            _ => indices.at(self.axis),
        };
        shape(Shape::from_extents(
            inputs[0].extents().with(self.axis, count),
        ))
    }
}

/// The shape of `expand`, whose last axes are the input's or take the place of a 1.
pub(super) const fn expanded(args: &Args, input: &Shape) -> Result<Shape, Error> {
    let target = match args.get(name!("shape")) {
        Value::None => return Err(Error::Missing { argument: "shape" }),
        _ => attempt!(list(args, name!("shape"))),
    };
    let mut fits = target.len() >= input.rank();
    let mut axis = 0;
    while fits && axis < input.rank() {
        let extent = input.extents().at(axis);
        fits = extent == 1 || extent == target.at(axis + target.len() - input.rank());
        axis += 1;
    }
    if !fits {
        return Err(Error::InputRank {
            needs: Needs::Words("an input whose axes are the last of `shape`, or 1"),
            input: *input,
        });
    }
    shape(Shape::from_extents(target))
}
