//! Changes of shape: each group of classes has its file.

use super::compare::Family;
use super::row::{
    Mapped, NEGATIVE, Rejection, Row, Truth, Verdict, ZERO_EXTENT, rejected, unwritable,
};
use shapewise::Error;

mod order;
mod pad;
mod pixels;
mod upsample;

pub(crate) const FAMILY: Family = Family {
    name: "shape",
    map,
    rejections: REJECTIONS,
};

fn map(row: &Row) -> Option<Mapped> {
    let classes = [order::map, pad::map, pixels::map, upsample::map];
    let mapped = classes.iter().find_map(|map| map(row))?;
    Some(match &row.truth {
        Truth::Valid { outputs, .. } if outputs[0].contains(&0) => Err(ZERO_EXTENT),
        _ => mapped,
    })
}

const REJECTIONS: &[Rejection] = &[
    // Unflatten.
    rejected!(
        "don't multiply up to the size",
        Error::CountDiffers {
            argument: "shape",
            ..
        }
    ),
    // Unfold, Fold.
    rejected!("Dimension out of range", Error::AxisCount { .. }),
    rejected!("Expected 3D or 4D", Error::AxisCount { .. }),
    rejected!(
        "kernel size should be greater than zero",
        Error::TooSmall {
            argument: "kernel",
            ..
        }
    ),
    rejected!(
        "dilation should be greater than zero",
        Error::TooSmall {
            argument: "dilation",
            ..
        }
    ),
    rejected!(
        "stride should be greater than zero",
        Error::TooSmall {
            argument: "stride",
            ..
        }
    ),
    rejected!(
        "its components must be at least one",
        Error::WindowTooLarge { .. }
    ),
    rejected!(
        "to match the calculated number of sliding blocks",
        Error::CountDiffers {
            argument: "size",
            ..
        } | Error::WindowTooLarge { .. }
    ),
    rejected!(
        "to be divisible by the product of kernel_size",
        Error::NotMultiple {
            what: "features",
            ..
        }
    ),
    // PixelShuffle, PixelUnshuffle, ChannelShuffle.
    unwritable("expects a positive upscale_factor, but got -", NEGATIVE),
    rejected!(
        "expects a positive",
        Error::TooSmall {
            argument: "factor",
            ..
        }
    ),
    rejected!("expects input to have at least 3", Error::InputRank { .. }),
    rejected!(
        "divisible by the square of upscale_factor",
        Error::NotMultiple {
            what: "channels",
            ..
        }
    ),
    rejected!(
        "to be divisible by downscale_factor",
        Error::NotDivisible {
            argument: "factor",
            ..
        }
    ),
    rejected!(
        "Number of channels must be divisible by groups",
        Error::NotDivisible {
            argument: "groups",
            ..
        }
    ),
    // Padding.
    rejected!("D input (got", Error::AxisCount { .. }),
    rejected!("D input tensor", Error::AxisCount { .. }),
    rejected!("narrow(): length", Error::EmptyAxis { .. }),
    rejected!("Calculated output", Error::EmptyAxis { .. }),
    rejected!(
        "Padding size should be less than the corresponding",
        Error::PaddingOverInput {
            mode: "reflect",
            ..
        }
    ),
    unwritable("Padding length must be divisible by 2", pad::OTHER_LENGTH),
    // Flatten.
    unwritable("Dimension out of range", order::RANGE),
    unwritable("start_dim cannot come after", order::RANGE),
    // Upsample.
    rejected!(
        "align_corners option can only be set",
        Error::Excludes {
            argument: "align_corners",
            ..
        }
    ),
    rejected!(
        "either size or scale_factor",
        Error::Missing { argument: "scale" }
    ),
    rejected!(
        "only one of size or scale_factor",
        Error::Excludes {
            argument: "size",
            ..
        }
    ),
    rejected!(
        "Input and output sizes should be greater than 0",
        Error::TooSmall {
            argument: "size",
            ..
        } | Error::EmptyAxis {
            argument: "scale",
            ..
        }
    ),
    rejected!(
        "must have the same number of spatial dimensions",
        Error::AxisCount { .. } | Error::InputRank { .. }
    ),
    rejected!(
        "D input, but",
        Error::KeywordNeeds {
            argument: "mode",
            ..
        }
    ),
    rejected!("(got cubic)", Error::WrongType { .. }),
    rejected!("Only 3D, 4D and 5D", Error::InputRank { .. }),
];
