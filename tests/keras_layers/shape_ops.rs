//! Keras's changes of shape.

use shapewise::{Extents, Value};

use crate::Row;
use crate::frameworks::{Case, Mapped};

const REPEATS: &str = "no layer repeats a vector";

pub fn map(row: &Row) -> Option<Mapped> {
    let case = |entry| Case::new(entry, vec![row.input]);
    let class = row
        .class
        .trim_end_matches(|c: char| c.is_ascii_digit() || c == 'D');
    Some(match class {
        "Flatten" => Ok(case("flatten").with("order", Value::Keyword("channels_last"))),
        "Reshape" => reshape(row),
        "Permute" => {
            let dims = row.args.extents("dims", row.input.rank());
            Ok(case("permute").with("axes", from_zero(dims)))
        }
        "RepeatVector" => Err(REPEATS),
        "ZeroPadding" => Ok(case("pad").with("padding", row.args.sides("padding", row.axes()))),
        "Cropping" => Ok(case("crop").with("sides", row.args.sides("cropping", row.axes()))),
        "UpSampling" => Ok(case("upsample")
            .with("scale", row.args.extents("size", row.axes()))
            .with(
                "mode",
                if row.args.is("interpolation", "bilinear") {
                    Value::Keyword("bilinear")
                } else {
                    Value::None
                },
            )),
        _ => return None,
    })
}

/// Keras counts axes from 1, the batch being 0.
fn from_zero(axes: Value) -> Value {
    let Value::Extents(axes) = axes else {
        return axes;
    };
    let axes: Vec<usize> = axes.as_slice().iter().map(|axis| axis - 1).collect();
    Value::Extents(Extents::new(&axes))
}

/// One extent may be -1 in Keras: here it is written out, or 0 where what is
/// left does not divide, which is no shape.
fn reshape(row: &Row) -> Mapped {
    let target = row
        .args
        .get("target_shape")
        .and_then(|shape| shape.as_array());
    let target: Vec<i64> = target
        .expect("a target shape")
        .iter()
        .filter_map(serde_json::Value::as_i64)
        .collect();
    let known: i64 = target.iter().filter(|extent| **extent != -1).product();
    let elements = i64::try_from(row.input.elements()).expect("a measured size");
    let extents: Vec<usize> = target
        .iter()
        .map(|&extent| {
            if extent == -1 {
                elements / known
            } else {
                extent
            }
        })
        .map(|extent| usize::try_from(extent.max(1)).expect("an extent"))
        .collect();
    Ok(Case::new("reshape", vec![row.input])
        .with("shape", Value::Extents(Extents::new(&extents)))
        .with("order", Value::Keyword("channels_last")))
}
