//! Upsample.

use serde_json::Value as Json;
use shapewise::{Extents, Value};

use crate::torch_layers::row::{Case, Mapped, Row, TOO_MANY_AXES};

pub(super) fn map(row: &Row) -> Option<Mapped> {
    (row.layer == "Upsample").then(|| upsample(row))
}

fn upsample(row: &Row) -> Mapped {
    let mode = match row.word("mode") {
        None => None,
        Some("nearest") => Some("nearest"),
        Some("nearest-exact") => Some("nearest_exact"),
        Some("linear") => Some("linear"),
        Some("bilinear") => Some("bilinear"),
        Some("bicubic") => Some("bicubic"),
        Some("trilinear") => Some("trilinear"),
        Some("area") => Some("area"),
        // PyTorch does not know it either.
        Some("cubic") => Some("cubic"),
        Some(_) => return Err("a mode that the language has no word for"),
    };
    let axes = row.inputs[0].len().saturating_sub(2);
    Ok(Case::new("upsample", row.channels_second(axes)?)
        .with_some("size", row.per_axis("size")?)
        .with_some("scale", scale(row)?)
        .with_some("mode", mode.map(Value::Keyword))
        .with_some("align_corners", row.bool("align_corners")))
}

/// A number for all axes or a list of whole numbers.
fn scale(row: &Row) -> Result<Option<Value>, &'static str> {
    let scales = match row.args.get("scale_factor") {
        None => return Ok(None),
        Some(Json::Array(_)) => row.args["scale_factor"].as_array().into_iter().flatten(),
        Some(_) => {
            return Ok(match row.int("scale_factor")? {
                Some(whole) => Some(whole),
                None => row.float("scale_factor"),
            });
        }
    };
    let scales: Vec<f64> = scales.filter_map(Json::as_f64).collect();
    #[allow(clippy::float_cmp, reason = "the same number, written twice")]
    let alike = scales.windows(2).all(|pair| pair[0] == pair[1]);
    let axes = row.inputs[0].len().saturating_sub(2);
    if let Ok(Some(list)) = row.list("scale_factor") {
        let list = Extents::try_new(&list).ok_or(TOO_MANY_AXES)?;
        return Ok(Some(Value::Extents(list)));
    }
    if scales.len() == axes && alike {
        return Ok(scales.first().copied().map(Value::Float));
    }
    Err("scales with a point that differ from axis to axis")
}
