//! A part of the input.

use core::fmt;

use crate::argument::{Name, name};
use crate::entry::Args;
use crate::error::{Error, Needs};
use crate::extents::Extents;
use crate::layer::explain::Lines;
use crate::layer::shape_ops::shape;
use crate::shape::{Axis, Shape};
use crate::value::Value;

/// Where the parts that `slice` names begin and end, on every axis.
pub(super) const fn ranges(args: &Args, input: &Shape) -> Result<(Extents, Extents), Error> {
    if args.has(name!("channels")) && args.has(name!("features")) {
        return Err(Error::Excludes {
            argument: "features",
            other: "channels",
        });
    }
    let mut start = Extents::splat(0, input.rank());
    let mut end = input.extents();
    let mut named = false;
    let mut i = 0;
    while i < Axis::ALL.len() {
        let (name, axis) = Axis::ALL[i];
        if let Value::Range(first, last) = args.get(Name::new(name)) {
            named = true;
            let Some(place) = input.place(axis) else {
                return Err(Error::InputRank {
                    needs: Needs::Axis(axis),
                    input: *input,
                });
            };
            let extent = input.extents().at(place);
            if last > extent {
                return Err(Error::OutOfBounds {
                    argument: name,
                    value: last,
                    most: extent,
                    what: name,
                    input: *input,
                });
            }
            if first >= last {
                return Err(Error::EmptyAxis {
                    argument: name,
                    axis: name,
                    extent,
                    taken: None,
                    input: *input,
                });
            }
            start = start.with(place, first);
            end = end.with(place, last);
        }
        i += 1;
    }
    if !named {
        return Err(Error::Missing {
            argument: "channels",
        });
    }
    Ok((start, end))
}

pub(super) const fn between(start: &Extents, end: &Extents, input: &Shape) -> Result<Shape, Error> {
    let mut extents = input.extents();
    let mut axis = 0;
    while axis < extents.len() {
        extents = extents.with(axis, end.at(axis).saturating_sub(start.at(axis)));
        axis += 1;
    }
    shape(Shape::from_extents(extents))
}

/// `first` and `last`.
pub(super) const fn one_position(input: &Shape) -> Result<Shape, Error> {
    if input.spatial_rank() != 1 {
        return Err(Error::InputRank {
            needs: Needs::Sequence,
            input: *input,
        });
    }
    Ok(Shape::new(&[input.features()]))
}

/// Writes a line per axis of which a part is taken: `channels: 48 - 16 = 32`.
pub(super) fn explain(
    start: &Extents,
    end: &Extents,
    input: &Shape,
    lines: &mut Lines<'_>,
) -> fmt::Result {
    for (place, &extent) in input.as_slice().iter().enumerate() {
        let (start, end) = (start.at(place), end.at(place));
        if (start, end) != (0, extent) {
            let part = end.saturating_sub(start);
            let formula = format_args!("{end} - {start}");
            lines.output(input.axis_name(place), formula, part)?;
        }
    }
    Ok(())
}
