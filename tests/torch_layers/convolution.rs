//! Convolutions and transposed convolutions.

use shapewise::{Error, Value};

use super::compare::Family;
use super::row::{Case, Mapped, Rejection, Row, Truth, Verdict, left_out, rejected};

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
    Rejection {
        text: "padding mode is supported for ConvTranspose",
        verdict: Verdict::NoArgument("padding_mode"),
    },
    rejected!("can't be greater than actual", Error::WindowTooLarge { .. }),
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
    rejected!(
        "Padding size should be less than",
        Error::PaddingOverInput {
            mode: "reflect",
            ..
        }
    ),
    rejected!(
        "wrapping around more than once",
        Error::PaddingOverInput {
            mode: "circular",
            ..
        }
    ),
    rejected!(
        "output padding must be smaller",
        Error::OutputPadding { .. }
    ),
    rejected!(
        "expected output_padding to be",
        Error::AxisCount {
            argument: "output_padding",
            ..
        }
    ),
    // oneDNN's way of saying that an output extent would be negative.
    rejected!("could not construct a memory", Error::NothingLeft { .. }),
    rejected!("Output size is too small", Error::NothingLeft { .. }),
];

fn map(row: &Row) -> Option<Mapped> {
    match row.layer.as_str() {
        "Conv1d" | "Conv2d" | "Conv3d" => Some(conv(row)),
        "ConvTranspose1d" | "ConvTranspose2d" | "ConvTranspose3d" => Some(conv_transpose(row)),
        _ => None,
    }
}

fn conv(row: &Row) -> Mapped {
    let padding = match row.word("padding") {
        Some("same") => Some(Value::Keyword("same")),
        Some("valid") => None,
        Some(_) => return Err("a padding that the language has no word for"),
        None => row.per_axis("padding")?,
    };
    let mode = match row.word("padding_mode") {
        None => None,
        Some("zeros") => Some("zeros"),
        Some("reflect") => Some("reflect"),
        Some("replicate") => Some("replicate"),
        Some("circular") => Some("circular"),
        Some(_) => return Err("a padding mode that the language has no word for"),
    };
    let mut case = common(row, "conv")?;
    if mode.is_some() && matches!(row.truth, Truth::Rejected(_)) {
        // PyTorch pads first, so that such a row says nothing about a stride of
        // 0, of which the language would complain first.
        case.arguments
            .retain(|argument| *argument != ("stride", Value::Int(0)));
    }
    Ok(case
        .with_some("padding", padding)
        .with_some("padding_mode", mode.map(Value::Keyword)))
}

fn conv_transpose(row: &Row) -> Mapped {
    if row.word("padding").is_some() {
        return Err("`padding = same` of a transposed convolution is Keras's in the language");
    }
    Ok(common(row, "conv_transpose")?
        .with_some("padding", row.per_axis("padding")?)
        .with_some("output_padding", row.per_axis("output_padding")?))
}

fn common(row: &Row, entry: &'static str) -> Mapped {
    let axes = row.axes();
    Ok(Case::new(entry, row.channels_second(axes)?)
        .with_some("in", row.int("in_channels")?)
        .with_some("channels", row.int("out_channels")?)
        .with_some("kernel", row.kernel("kernel_size", axes)?)
        .with_some("stride", row.per_axis("stride")?)
        .with_some("dilation", row.per_axis("dilation")?)
        .with_some("groups", row.int("groups")?)
        .with_some("bias", row.bool("bias")))
}
