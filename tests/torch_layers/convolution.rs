//! Convolutions and transposed convolutions.

use shapewise::{Error, Value};

use super::compare::Family;
use super::row::{Case, Mapped, Rejection, Row, Verdict, left_out, rejected};

pub(crate) const FAMILY: Family = Family {
    name: "convolution",
    map,
    rejections: REJECTIONS,
};

const REJECTIONS: &[Rejection] = &[
    left_out(
        "is not supported for strided convolutions",
        "`padding = same` with a stride is TensorFlow's rule in the language",
    ),
    rejected!("Kernel size can't be greater", Error::WindowTooLarge { .. }),
    rejected!(
        "divisible by groups",
        Error::NotDivisible {
            argument: "groups",
            ..
        }
    ),
    rejected!("channels, but got", Error::DeclaredInput { .. }),
    rejected!(
        "input to conv",
        Error::AxisCount { .. } | Error::InputRank { .. }
    ),
    rejected!(
        "non-positive stride",
        Error::TooSmall {
            argument: "stride",
            ..
        }
    ),
    rejected!(
        "groups must be a positive",
        Error::TooSmall {
            argument: "groups",
            ..
        }
    ),
];

fn map(row: &Row) -> Option<Mapped> {
    match row.layer.as_str() {
        "Conv1d" | "Conv2d" | "Conv3d" => Some(conv(row)),
        _ => None,
    }
}

fn conv(row: &Row) -> Mapped {
    let axes = row.axes();
    if row.word("padding_mode").is_some() {
        return Err("no rule yet");
    }
    let padding = match row.word("padding") {
        Some("same") => Some(Value::Keyword("same")),
        Some("valid") => None,
        Some(_) => return Err("a padding that the language has no word for"),
        None => row.per_axis("padding")?,
    };
    Ok(Case::new("conv", row.channels_second(axes)?)
        .with_some("in", row.int("in_channels")?)
        .with_some("channels", row.int("out_channels")?)
        .with_some("kernel", row.kernel("kernel_size", axes)?)
        .with_some("stride", row.per_axis("stride")?)
        .with_some("padding", padding)
        .with_some("dilation", row.per_axis("dilation")?)
        .with_some("groups", row.int("groups")?)
        .with_some("bias", row.bool("bias")))
}
