//! Keras's convolutions.

use shapewise::Value;

use crate::Row;
use crate::frameworks::{Case, Mapped};

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
        _ if row.class.ends_with("DTranspose") => windowed(row, "conv_transpose")
            .with("channels", row.args.int("filters"))
            .with(
                "output_padding",
                row.args.extents("output_padding", row.axes()),
            ),
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

/// `valid` is the language's default.
pub fn padding(row: &Row) -> Value {
    match row.args.get("padding").and_then(|padding| padding.as_str()) {
        Some("same") => Value::Keyword("same"),
        Some("causal") => Value::Keyword("causal"),
        _ => Value::None,
    }
}
