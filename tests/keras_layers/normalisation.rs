//! Keras's normalisations.

use shapewise::Value;

use crate::Row;
use crate::frameworks::{Case, Mapped};

const OTHER_AXIS: &str = "batch normalisation is over the channels, the last axis";
const OTHER_AXES: &str = "layer normalisation is over the last axes";

pub fn map(row: &Row) -> Option<Mapped> {
    Some(match row.class {
        "BatchNormalization" => match row.args.get("axis").and_then(|axis| axis.as_i64()) {
            Some(axis) if axis != -1 => Err(OTHER_AXIS),
            _ => Ok(affine(row, "batch_norm")),
        },
        "LayerNormalization" => axes(row).map(|axes| affine(row, "layer_norm").with("axes", axes)),
        "GroupNormalization" => {
            Ok(affine(row, "group_norm").with("groups", row.args.int("groups")))
        }
        _ => return None,
    })
}

fn affine(row: &Row, entry: &'static str) -> Case {
    Case::new(entry, vec![row.input])
        .with("weight", row.args.bool("scale"))
        .with("bias", row.args.bool("center"))
}

/// How many of the last axes Keras's list of axes names; they count from the
/// batch, or from the end.
fn axes(row: &Row) -> Result<Value, &'static str> {
    let Some(axis) = row.args.get("axis") else {
        return Ok(Value::None);
    };
    let rank = i64::try_from(row.input.rank()).expect("a small rank");
    let named: Option<Vec<i64>> = match axis.as_array() {
        Some(axes) => axes.iter().map(serde_json::Value::as_i64).collect(),
        None => axis.as_i64().map(|axis| vec![axis]),
    };
    let mut named: Vec<i64> = named
        .ok_or(OTHER_AXES)?
        .iter()
        .map(|&axis| if axis < 0 { rank + axis } else { axis - 1 })
        .collect();
    named.sort_unstable();
    let count = i64::try_from(named.len()).expect("a small count");
    if named.iter().copied().eq(rank - count..rank) {
        Ok(Value::Int(named.len() as u64))
    } else {
        Err(OTHER_AXES)
    }
}
