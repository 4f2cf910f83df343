//! Channels that are split, dealt out, or become pixels.

use core::fmt;

use crate::argument::{Name, name};
use crate::entry::Args;
use crate::error::{Counted, Error, Needs, attempt};
use crate::extents::Extents;
use crate::formula;
use crate::layer::explain::Lines;
use crate::layer::shape_ops::shape;
use crate::number::Grouped;
use crate::shape::Shape;
use crate::value::Value;

/// The parts that `channel_split` makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// So many parts of the same size.
    Equal(usize),
    /// The channels of each part.
    Sizes(Extents),
}

impl Parts {
    pub(super) const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        let Value::Extents(sizes) = args.get(name!("parts")) else {
            return Ok(Self::Equal(attempt!(divisor(name!("parts"), args, input))));
        };
        let mut sum: u64 = 0;
        let mut part = 0;
        while part < sizes.len() {
            sum = attempt!(formula::sum(
                sum,
                sizes.at(part) as u64,
                "the number of channels"
            ));
            part += 1;
        }
        if sum != input.channels() as u64 {
            return Err(Error::CountDiffers {
                argument: "parts",
                given: sizes,
                count: sum,
                what: Counted::Channels,
                value: input.channels() as u64,
                input: *input,
            });
        }
        Ok(Self::Sizes(sizes))
    }

    pub(super) const fn len(&self) -> usize {
        match self {
            Self::Equal(parts) => *parts,
            Self::Sizes(sizes) => sizes.len(),
        }
    }

    pub(super) const fn output(&self, input: &Shape, part: usize) -> Result<Shape, Error> {
        let channels = match self {
            Self::Equal(parts) => match input.channels().checked_div(*parts) {
                Some(channels) => channels,
                None => 0,
            },
            Self::Sizes(sizes) => sizes.at(part),
        };
        shape(input.with_channels(channels))
    }

    /// Writes how the channels are split: `channels: 64 / 2 = 32`.
    pub(super) fn explain(&self, input: &Shape, lines: &mut Lines<'_>) -> fmt::Result {
        let channels = input.channels();
        match self {
            Self::Equal(parts) => match channels.checked_div(*parts) {
                Some(each) => lines.output("channels", format_args!("{channels} / {parts}"), each),
                None => Ok(()),
            },
            Self::Sizes(sizes) => {
                let sum = fmt::from_fn(|f| {
                    for (part, size) in sizes.as_slice().iter().enumerate() {
                        write!(f, "{}{size}", if part == 0 { "" } else { " + " })?;
                    }
                    Ok(())
                });
                lines.output("channels", sum, channels)
            }
        }
    }
}

/// The groups of `channel_shuffle`.
pub(super) const fn groups(args: &Args, input: &Shape) -> Result<usize, Error> {
    divisor(name!("groups"), args, input)
}

/// An argument that divides the channels.
const fn divisor(argument: Name, args: &Args, input: &Shape) -> Result<usize, Error> {
    let divisor = attempt!(args.int(argument));
    if divisor == 0 || !input.channels().is_multiple_of(divisor) {
        return Err(Error::NotDivisible {
            argument: argument.text,
            divisor,
            what: "channels",
            value: input.channels(),
            also: input.channels(),
        });
    }
    Ok(divisor)
}

const fn image(input: &Shape) -> Result<(), Error> {
    if input.spatial_rank() != 2 {
        return Err(Error::InputRank {
            needs: Needs::Words("an image"),
            input: *input,
        });
    }
    Ok(())
}

/// The channels that make one pixel's worth of a block: the square of `factor`.
const fn square(factor: usize) -> Result<usize, Error> {
    match factor.checked_mul(factor) {
        Some(square) => Ok(square),
        None => Err(formula::overflow("the square of `factor`")),
    }
}

/// `pixel_shuffle`: HxWxC to `H*r` x `W*r` x `C/r^2`.
pub(super) const fn to_pixels(factor: usize, input: &Shape) -> Result<Shape, Error> {
    attempt!(image(input));
    let square = attempt!(square(factor));
    if square == 0 || !input.channels().is_multiple_of(square) {
        return Err(Error::NotMultiple {
            what: "channels",
            value: input.channels(),
            of: square,
            because: "the square of `factor`",
        });
    }
    let (height, width) = (input.spatial().at(0), input.spatial().at(1));
    match (height.checked_mul(factor), width.checked_mul(factor)) {
        (Some(height), Some(width)) => {
            shape(Shape::try_new(&[height, width, input.channels() / square]))
        }
        _ => Err(formula::overflow("the output shape")),
    }
}

/// `pixel_unshuffle`: HxWxC to `H/r` x `W/r` x `C*r^2`.
pub(super) const fn from_pixels(factor: usize, input: &Shape) -> Result<Shape, Error> {
    attempt!(image(input));
    let (height, width) = (input.spatial().at(0), input.spatial().at(1));
    let sides = [("rows", height, width), ("columns", width, height)];
    let mut side = 0;
    while side < sides.len() {
        let (what, value, also) = sides[side];
        if factor == 0 || !value.is_multiple_of(factor) {
            return Err(Error::NotDivisible {
                argument: "factor",
                divisor: factor,
                what,
                value,
                also,
            });
        }
        side += 1;
    }
    match input.channels().checked_mul(attempt!(square(factor))) {
        Some(channels) => shape(Shape::try_new(&[height / factor, width / factor, channels])),
        None => Err(formula::overflow("the output shape")),
    }
}

/// Writes a line per axis: `height: 8 * 2 = 16`, `channels: 12 / 2^2 = 3`. The
/// signs are that of the sides and that of the channels.
pub(super) fn explain_pixels(
    factor: usize,
    (sides, channels): (char, char),
    input: &Shape,
    lines: &mut Lines<'_>,
) -> fmt::Result {
    let by = |extent: usize, sign: char, number: usize| match sign {
        '*' => extent.checked_mul(number),
        _ => extent.checked_div(number),
    };
    for (axis, name) in ["height", "width"].into_iter().enumerate() {
        let extent = input.spatial().at(axis);
        if let Some(result) = by(extent, sides, factor) {
            let formula = format_args!("{extent} {sides} {factor}");
            lines.output(name, formula, Grouped(result as u64))?;
        }
    }
    let count = input.channels();
    match factor
        .checked_mul(factor)
        .and_then(|square| by(count, channels, square))
    {
        Some(result) => {
            let formula = format_args!("{count} {channels} {factor}^2");
            lines.output("channels", formula, Grouped(result as u64))
        }
        None => Ok(()),
    }
}
