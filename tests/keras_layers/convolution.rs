//! Keras's convolutions.

use shapewise::{Extents, Value};

use crate::Row;
use crate::frameworks::{Case, Mapped};

const BELOW_DILATION: &str =
    "an output padding below the dilation, which PyTorch has and Keras refuses";

pub fn map(row: &Row) -> Option<Mapped> {
    let class = row
        .class
        .trim_end_matches(|c: char| c.is_ascii_digit() || c == 'D');
    let case = match class {
        "Conv" => windowed(row, "conv")
            .with("channels", row.args.int("filters"))
            .with("groups", row.args.int("groups")),
        "DepthwiseConv" => {
            windowed(row, "depthwise_conv").with("multiplier", row.args.int("depth_multiplier"))
        }
        "SeparableConv" => windowed(row, "separable_conv")
            .with("channels", row.args.int("filters"))
            .with("multiplier", row.args.int("depth_multiplier")),
        _ if row.class.ends_with("DTranspose") => return Some(transposed(row)),
        "ConvLSTM" => return Some(Err("no layer convolves in each step")),
        _ => return None,
    };
    Some(Ok(case))
}

/// A layer with what all convolutions take.
fn windowed(row: &Row, entry: &'static str) -> Case {
    Case::new(entry, vec![row.input])
        .with("kernel", row.args.extents("kernel_size", row.axes()))
        .with("stride", row.args.extents("strides", row.axes()))
        .with("padding", padding(row))
        .with("dilation", row.args.extents("dilation_rate", row.axes()))
        .with("bias", row.args.bool("use_bias"))
}

/// Without an `output_padding`, Keras's `valid` adds what the stride goes beyond
/// the kernel.
fn transposed(row: &Row) -> Mapped {
    let case = windowed(row, "conv_transpose").with("channels", row.args.int("filters"));
    let axes = row.axes();
    let per_axis = |name: &str, default: usize| match row.args.extents(name, axes) {
        Value::Extents(extents) => extents,
        _ => Extents::splat(default, axes),
    };
    let (kernel, stride) = (per_axis("kernel_size", 1), per_axis("strides", 1));
    let dilation = per_axis("dilation_rate", 1);
    if !row.args.has("output_padding") {
        if row.args.is("padding", "same") {
            return Ok(case);
        }
        let beyond: Vec<usize> = (0..axes)
            .map(|axis| {
                let reach = dilation.at(axis) * (kernel.at(axis) - 1) + 1;
                stride.at(axis).saturating_sub(reach)
            })
            .collect();
        return Ok(case.with("output_padding", Value::Extents(Extents::new(&beyond))));
    }
    let given = per_axis("output_padding", 0);
    let refused = |axis: &usize| given.at(*axis) >= stride.at(*axis);
    let below_dilation = |axis: usize| given.at(axis) < dilation.at(axis);
    if (0..axes).any(|axis| refused(&axis)) && (0..axes).filter(refused).all(below_dilation) {
        return Err(BELOW_DILATION);
    }
    Ok(case.with("output_padding", Value::Extents(given)))
}

/// `valid` is the language's default.
pub fn padding(row: &Row) -> Value {
    match row.args.get("padding").and_then(|padding| padding.as_str()) {
        Some("same") => Value::Keyword("same"),
        Some("causal") => Value::Keyword("causal"),
        _ => Value::None,
    }
}
