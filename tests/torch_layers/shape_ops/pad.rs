//! The classes of padding.

use serde_json::Value as Json;
use shapewise::{Extents, Sides, Value};

use crate::torch_layers::row::{Case, Mapped, Row, TOO_MANY_AXES};

pub(super) const OTHER_LENGTH: &str = "a list of pads of another length";

pub(super) fn map(row: &Row) -> Option<Mapped> {
    let mode = match row.layer.get(..row.layer.len().checked_sub(2)?)? {
        "ZeroPad" => "zeros",
        "ConstantPad" => "constant",
        "ReflectionPad" => "reflect",
        "ReplicationPad" => "replicate",
        "CircularPad" => "circular",
        _ => return None,
    };
    Some(pad(row, mode))
}

fn pad(row: &Row, mode: &'static str) -> Mapped {
    let axes = row.axes();
    let pads: Vec<i64> = match row.args.get("padding") {
        Some(Json::Array(list)) => list.iter().filter_map(Json::as_i64).collect(),
        Some(pad) => vec![pad.as_i64().unwrap_or(0); 2 * axes],
        None => return Err("no padding"),
    };
    if pads.len() != 2 * axes {
        return Err(OTHER_LENGTH);
    }
    let constant = matches!(mode, "zeros" | "constant");
    let spatial = row.inputs[0].len().saturating_sub(2);
    // A constant can be put around the last axes of any input.
    let of_class = if constant { axes.max(spatial) } else { axes };
    let sample = row.channels_second(of_class)?;
    let crops = pads.iter().any(|pad| *pad < 0);
    if crops && pads.iter().any(|pad| *pad > 0) {
        return Err("padding and cropping in one");
    }
    let side = |end: usize| -> Option<Extents> {
        let mut extents = vec![0; of_class - axes];
        // PyTorch's list begins with the last axis.
        for axis in (0..axes).rev() {
            let pad = pads[2 * axis + end].unsigned_abs();
            extents.push(usize::try_from(pad).ok()?);
        }
        Extents::try_new(&extents)
    };
    let (Some(before), Some(after)) = (side(0), side(1)) else {
        return Err(TOO_MANY_AXES);
    };
    let sides = Value::Sides(Sides::new(before, after));
    if crops {
        return Ok(Case::new("crop", sample).with("sides", sides));
    }
    let case = Case::new("pad", sample)
        .with("padding", sides)
        .with("mode", Value::Keyword(mode));
    Ok(if mode == "constant" {
        case.with_some("value", row.float("value"))
    } else {
        case
    })
}
