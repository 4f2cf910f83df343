//! Padding and cropping.

use core::fmt;

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, attempt};
use crate::extents::{Extents, Sides};
use crate::formula;
use crate::layer::explain::Lines;
use crate::layer::shape_ops::{shape, spatial};
use crate::number::Grouped;
use crate::shape::{Shape, axis_name};

/// The hyperparameters of `pad`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pad {
    /// What is added at each side.
    pub padding: Sides,
    /// What is filled in.
    pub fill: Fill,
}

/// What padding is filled with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    /// One number: 0 for `mode = zeros`.
    Constant(f64),
    /// The input mirrored at its edge, without the edge.
    Reflect,
    /// The edge of the input.
    Replicate,
    /// The input's other end.
    Circular,
}

impl Pad {
    pub(super) const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        attempt!(spatial(input));
        let padding = attempt!(args.sides(name!("padding"), input));
        let (fill, mode, short) = if args.is(name!("mode"), "reflect") {
            (Fill::Reflect, "reflect", 1)
        } else if args.is(name!("mode"), "circular") {
            (Fill::Circular, "circular", 0)
        } else if args.is(name!("mode"), "replicate") {
            return Ok(Self {
                padding,
                fill: Fill::Replicate,
            });
        } else {
            let constant = args.is(name!("mode"), "constant");
            let value = if constant {
                args.float(name!("value"))
            } else {
                0.0
            };
            if !constant && args.float(name!("value")) != 0.0 {
                return Err(Error::Excludes {
                    argument: "value",
                    other: "mode = zeros",
                });
            }
            return Ok(Self {
                padding,
                fill: Fill::Constant(value),
            });
        };
        // Source: PyTorch's `reflection_pad` and `_pad_circular`.
        let extents = input.spatial();
        let mut axis = 0;
        while axis < extents.len() {
            let limit = extents.at(axis) - short;
            if padding.before().at(axis) > limit || padding.after().at(axis) > limit {
                return Err(Error::PaddingOverInput {
                    argument: "mode",
                    mode,
                    padding,
                    input: extents,
                    short,
                });
            }
            axis += 1;
        }
        Ok(Self { padding, fill })
    }

    pub(super) const fn output(&self, input: &Shape) -> Result<Shape, Error> {
        let mut extents = input.spatial();
        let mut axis = 0;
        while axis < extents.len() {
            let extent = match self.padding.total(axis) {
                Some(total) => extents.at(axis).checked_add(total),
                None => None,
            };
            extents = match extent {
                Some(extent) => extents.with(axis, extent),
                None => return Err(formula::overflow("the padded input")),
            };
            axis += 1;
        }
        shape(Shape::from_parts(extents, input.channels()))
    }
}

/// What `crop` takes away at each side.
pub(super) const fn cropping(args: &Args, input: &Shape) -> Result<Sides, Error> {
    attempt!(spatial(input));
    match (args.has(name!("size")), args.has(name!("sides"))) {
        (true, true) => {
            return Err(Error::Excludes {
                argument: "size",
                other: "sides",
            });
        }
        (false, true) => return args.sides(name!("sides"), input),
        (_, false) => {}
    }
    let size = attempt!(args.per_axis(name!("size"), input));
    let extents = input.spatial();
    let mut before = Extents::splat(0, extents.len());
    let mut after = before;
    let mut axis = 0;
    while axis < extents.len() {
        let Some(rest) = extents.at(axis).checked_sub(size.at(axis)) else {
            return Err(Error::TooLarge {
                argument: "size",
                value: size.at(axis),
                most: extents.at(axis),
                what: match (axis, extents.len()) {
                    (0, 1) => "the length of the input",
                    (0, 3) => "the depth of the input",
                    (0, 2) | (1, 3) => "the height of the input",
                    _ => "the width of the input",
                },
            });
        };
        before = before.with(axis, rest / 2);
        after = after.with(axis, rest - rest / 2);
        axis += 1;
    }
    Ok(Sides::new(before, after))
}

/// What cropping leaves.
pub(super) const fn cropped(sides: &Sides, input: &Shape) -> Result<Shape, Error> {
    let mut extents = input.spatial();
    let mut axis = 0;
    while axis < extents.len() {
        let extent = extents.at(axis);
        let Some(taken) = sides.total(axis) else {
            return Err(formula::overflow("what is taken away"));
        };
        if taken >= extent {
            return Err(Error::EmptyAxis {
                argument: "sides",
                axis: axis_name(axis, extents.len()),
                extent,
                taken: Some(taken),
                input: *input,
            });
        }
        extents = extents.with(axis, extent - taken);
        axis += 1;
    }
    shape(Shape::from_parts(extents, input.channels()))
}

/// Writes a line per axis: `height: 28 + 2 + 2 = 32`.
pub(super) fn explain(
    sides: &Sides,
    sign: char,
    input: &Shape,
    lines: &mut Lines<'_>,
) -> fmt::Result {
    let extents = input.spatial();
    for (axis, &extent) in extents.as_slice().iter().enumerate() {
        let (before, after) = (sides.before().at(axis), sides.after().at(axis));
        let both = before.saturating_add(after);
        let result = if sign == '+' {
            extent.saturating_add(both)
        } else {
            extent.saturating_sub(both)
        };
        let name = axis_name(axis, extents.len());
        let result = Grouped(result as u64);
        let formula = format_args!("{extent} {sign} {before} {sign} {after}");
        lines.output(name, formula, result)?;
    }
    Ok(())
}
