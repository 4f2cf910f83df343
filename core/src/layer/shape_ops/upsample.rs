//! Interpolation to another size.

use core::fmt;

use crate::argument::name;
use crate::entry::Args;
use crate::error::{Error, Needs, attempt};
use crate::extents::Extents;
use crate::formula;
use crate::layer::explain::{Figured, Lines};
use crate::layer::shape_ops::shape;
use crate::shape::{Shape, axis_name};
use crate::value::Value;

/// The words for [`Interpolation`], in its order.
pub(super) const MODES: &[&str] = &[
    "nearest",
    "nearest_exact",
    "linear",
    "bilinear",
    "bicubic",
    "trilinear",
    "area",
];

/// How values in between are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interpolation {
    /// The element before.
    Nearest,
    /// The nearest element, as image libraries have it.
    NearestExact,
    /// Between two elements of a sequence.
    Linear,
    /// Between four elements of an image.
    Bilinear,
    /// Between sixteen elements of an image.
    Bicubic,
    /// Between eight elements of a volume.
    Trilinear,
    /// The mean of the elements that an element of the output covers.
    Area,
}

/// The hyperparameters of `upsample`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Upsample {
    /// The spatial extents that come out.
    pub size: Extents,
    /// What the extents were multiplied by, where it was one number with a
    /// point: the distances between samples then follow it and not the sizes.
    pub scale: Option<f64>,
    /// How values in between are found.
    pub mode: Interpolation,
    /// Whether the corners of input and output are the same points.
    pub align_corners: bool,
}

impl Interpolation {
    /// How many spatial axes it blends and what has them, where that is fixed.
    const fn needs(self) -> Option<(usize, Needs)> {
        match self {
            Self::Linear => Some((1, Needs::Sequence)),
            Self::Bilinear | Self::Bicubic => Some((2, Needs::Words("an image"))),
            Self::Trilinear => Some((3, Needs::Words("a volume"))),
            Self::Nearest | Self::NearestExact | Self::Area => None,
        }
    }

    /// As it is written, for errors.
    const fn said(self) -> &'static str {
        match self {
            Self::Nearest => "mode = nearest",
            Self::NearestExact => "mode = nearest_exact",
            Self::Linear => "mode = linear",
            Self::Bilinear => "mode = bilinear",
            Self::Bicubic => "mode = bicubic",
            Self::Trilinear => "mode = trilinear",
            Self::Area => "mode = area",
        }
    }

    /// Whether it blends elements by their distance, so that it matters where
    /// the corners are.
    const fn has_corners(self) -> bool {
        self.needs().is_some()
    }
}

impl Upsample {
    pub(super) const fn build(args: &Args, input: &Shape) -> Result<Self, Error> {
        if input.spatial_rank() < 1 || input.spatial_rank() > 3 {
            return Err(Error::InputRank {
                needs: Needs::Positions,
                input: *input,
            });
        }
        if args.has(name!("scale")) && args.has(name!("size")) {
            return Err(Error::Excludes {
                argument: "size",
                other: "scale",
            });
        }
        let mode = interpolation(args);
        let align_corners = args.bool(name!("align_corners"));
        // Source: PyTorch's `interpolate`, which has corners for these only.
        if align_corners && !mode.has_corners() {
            return Err(Error::Excludes {
                argument: "align_corners",
                other: mode.said(),
            });
        }
        let (size, scale) = match args.get(name!("scale")) {
            Value::Float(scale) => (attempt!(scaled(scale, input)), Some(scale)),
            Value::None if args.has(name!("size")) => {
                (attempt!(args.per_axis(name!("size"), input)), None)
            }
            _ => {
                let scale = attempt!(args.per_axis(name!("scale"), input));
                (attempt!(multiplied(&scale, input)), None)
            }
        };
        if let (Value::Keyword(keyword), Some((axes, needs))) =
            (args.get(name!("mode")), mode.needs())
            && input.spatial_rank() != axes
        {
            return Err(Error::KeywordNeeds {
                argument: "mode",
                keyword,
                needs,
                input: *input,
                instead: None,
            });
        }
        Ok(Self {
            size,
            scale,
            mode,
            align_corners,
        })
    }

    pub(super) const fn output(&self, input: &Shape) -> Result<Shape, Error> {
        shape(Shape::from_parts(self.size, input.channels()))
    }

    /// Writes a line per axis: `height: 14 * 2 = 28`.
    pub(super) fn explain(&self, input: &Shape, lines: &mut Lines<'_>) -> fmt::Result {
        let extents = input.spatial();
        for (axis, &extent) in extents.as_slice().iter().enumerate() {
            let (name, size) = (axis_name(axis, extents.len()), self.size.at(axis));
            match self.scale {
                Some(scale) => {
                    lines.output(name, format_args!("floor({extent} * {scale})"), size)?;
                }
                None if size.is_multiple_of(extent) => {
                    lines.output(name, format_args!("{extent} * {}", size / extent), size)?;
                }
                None => lines.result(Figured::Output, name, size)?,
            }
        }
        Ok(())
    }
}

const fn interpolation(args: &Args) -> Interpolation {
    if args.is(name!("mode"), "linear") {
        Interpolation::Linear
    } else if args.is(name!("mode"), "bilinear") {
        Interpolation::Bilinear
    } else if args.is(name!("mode"), "bicubic") {
        Interpolation::Bicubic
    } else if args.is(name!("mode"), "trilinear") {
        Interpolation::Trilinear
    } else if args.is(name!("mode"), "area") {
        Interpolation::Area
    } else if args.is(name!("mode"), "nearest_exact") {
        Interpolation::NearestExact
    } else {
        Interpolation::Nearest
    }
}

const fn multiplied(scale: &Extents, input: &Shape) -> Result<Extents, Error> {
    let mut size = input.spatial();
    let mut axis = 0;
    while axis < size.len() {
        size = match size.at(axis).checked_mul(scale.at(axis)) {
            Some(extent) => size.with(axis, extent),
            None => return Err(formula::overflow("the output shape")),
        };
        axis += 1;
    }
    Ok(size)
}

/// `floor(extent * scale)` on each axis, in double precision as PyTorch.
const fn scaled(scale: f64, input: &Shape) -> Result<Extents, Error> {
    let extents = input.spatial();
    let mut size = extents;
    let mut axis = 0;
    while axis < size.len() {
        #[expect(clippy::cast_precision_loss, reason = "PyTorch multiplies doubles too")]
        let product = extents.at(axis) as f64 * scale;
        // 2^53: beyond it a double no longer tells one extent from the next.
        if product > 9_007_199_254_740_992.0 {
            return Err(formula::overflow("the output shape"));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "rounding down is the rule, and scales are not negative"
        )]
        let extent = product as usize;
        if extent == 0 {
            return Err(Error::EmptyAxis {
                argument: "scale",
                axis: axis_name(axis, extents.len()),
                extent: extents.at(axis),
                taken: None,
                input: *input,
            });
        }
        size = size.with(axis, extent);
        axis += 1;
    }
    Ok(size)
}
