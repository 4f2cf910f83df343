//! The same elements with other extents or in another order of axes.

use core::fmt;

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Counted, Error, attempt};
use crate::extents::{Extents, MAX_RANK};
use crate::layer::explain::{Lines, product};
use crate::layer::shape_ops::{extent, list, shape, spatial};
use crate::number::Grouped;
use crate::shape::Shape;

pub(super) const fn flattened(input: &Shape) -> Result<Shape, Error> {
    Ok(Shape::new(&[attempt!(extent(input.checked_elements()))]))
}

pub(super) const fn sequence(input: &Shape) -> Result<Shape, Error> {
    attempt!(spatial(input));
    let length = attempt!(extent(input.positions()));
    Ok(Shape::new(&[length, input.channels()]))
}

/// The shape that `reshape` makes: as many elements as come in.
pub(super) const fn target(args: &Args, input: &Shape) -> Result<Shape, Error> {
    let given = attempt!(list(args, name!("shape")));
    let (count, value) = match (given.product(), input.checked_elements()) {
        (Some(count), Some(value)) => (count, value),
        _ => return Err(crate::formula::overflow("the number of elements")),
    };
    if count != value {
        return Err(Error::CountDiffers {
            argument: "shape",
            given,
            count,
            what: Counted::Elements,
            value,
            input: *input,
        });
    }
    shape(Shape::from_extents(given))
}

/// The axes of `permute`: each of the input's once.
pub(super) const fn axes(args: &Args, input: &Shape) -> Result<Extents, Error> {
    let given = attempt!(list(args, name!("axes")));
    let mut seen = [false; MAX_RANK];
    let mut once = given.len() == input.rank();
    let mut i = 0;
    while i < given.len() {
        let axis = given.at(i);
        if axis >= input.rank() || seen[axis] {
            once = false;
            break;
        }
        seen[axis] = true;
        i += 1;
    }
    if once {
        Ok(given)
    } else {
        Err(Error::NotPermutation {
            argument: "axes",
            given,
            input: *input,
        })
    }
}

pub(super) const fn permuted(axes: &Extents, input: &Shape) -> Shape {
    let mut extents = input.extents();
    let mut i = 0;
    while i < axes.len() {
        extents = extents.with(i, input.extents().at(axes.at(i)));
        i += 1;
    }
    match Shape::from_extents(extents) {
        Some(shape) => shape,
        // The extents are the input's, none of them 0.
        None => *input,
    }
}

/// Writes a product: `features: 6*6*256 = 9,216`.
pub(super) fn explain_product(name: &str, extents: Extents, lines: &mut Lines<'_>) -> fmt::Result {
    match extents.product() {
        Some(all) => lines.output(name, product(extents), Grouped(all)),
        None => Ok(()),
    }
}
