//! Values one behind the other along an axis, or side by side along a new one.

use super::{differ, elementwise};
use crate::argument::name;
use crate::entry::Args;
use crate::error::{Agreement, Error, Needs, attempt};
use crate::extents::{Extents, MAX_RANK};
use crate::formula::{self, size_sum};
use crate::layer::Receptive;
use crate::shape::{Axis, Shape};

/// What each position of the whole sees of one operand: what stands in front of that sees nothing of it.
pub(super) const fn receptive(inputs: &[Shape], axis: usize, place: usize) -> Receptive {
    let mut lead = Extents::splat(0, inputs[place].spatial_rank());
    let mut earlier = 0;
    while earlier < place {
        let before = lead.at(axis) + inputs[earlier].extents().at(axis);
        lead = lead.with(axis, before);
        earlier += 1;
    }
    Receptive::shifted(&lead, false)
}

/// The place of the axis along which values are joined.
pub(super) const fn axis(args: &Args, input: &Shape) -> Result<usize, Error> {
    let word = args.word(name!("axis"));
    let Some(axis) = Axis::named(word) else {
        return Ok(input.rank() - 1);
    };
    match input.place(axis) {
        Some(place) => Ok(place),
        None => Err(Error::KeywordNeeds {
            argument: "axis",
            keyword: word,
            needs: Needs::Axis(axis),
            input: *input,
            instead: None,
        }),
    }
}

pub(super) const fn concat(inputs: &[Shape], axis: usize) -> Result<Shape, Error> {
    let first = inputs[0].extents();
    let mut whole = first.at(axis);
    let mut i = 1;
    while i < inputs.len() {
        let extents = inputs[i].extents();
        let fits =
            extents.len() == first.len() && extents.with(axis, first.at(axis)).equals(&first);
        if !fits {
            return Err(differ(inputs, 0, i, Agreement::Beside(axis)));
        }
        let what = match axis + 1 == first.len() {
            true => "the number of channels",
            false => "the extent of the output",
        };
        whole = attempt!(size_sum(whole, extents.at(axis), what));
        i += 1;
    }
    match Shape::from_extents(first.with(axis, whole)) {
        Some(shape) => Ok(shape),
        None => Err(formula::overflow("the output shape")),
    }
}

pub(super) const fn stack(inputs: &[Shape]) -> Result<Shape, Error> {
    let shape = attempt!(elementwise(inputs, Agreement::Shapes, false));
    if shape.rank() == MAX_RANK {
        return Err(Error::InputRank {
            needs: Needs::Words("values of at most 4 axes"),
            input: shape,
        });
    }
    let mut extents = Extents::new(&[inputs.len()]);
    let mut axis = 0;
    while axis < shape.rank() {
        extents = match extents.push(shape.extents().at(axis)) {
            Some(extents) => extents,
            None => return Err(formula::overflow("the output shape")),
        };
        axis += 1;
    }
    match Shape::from_extents(extents) {
        Some(shape) => Ok(shape),
        None => Err(formula::overflow("the output shape")),
    }
}
