//! Activations, dropout and identity.

use shapewise::{Error, Value};

use super::compare::Family;
use super::row::{Case, Mapped, Rejection, Row, Verdict, rejected};

pub(crate) const FAMILY: Family = Family {
    name: "activation",
    map,
    rejections: REJECTIONS,
};

const REJECTIONS: &[Rejection] = &[
    rejected!("Mismatch of parameter numbers", Error::DeclaredInput { .. }),
    rejected!(
        "Halving dimension must be even",
        Error::NotMultiple { of: 2, .. }
    ),
];

fn map(row: &Row) -> Option<Mapped> {
    Some(match row.layer.as_str() {
        "ReLU" => plain(row, "relu"),
        "Identity" => plain(row, "identity"),
        "Dropout2d" => plain(row, "dropout").map(|case| case.with_some("p", row.float("p"))),
        "PReLU" => prelu(row),
        "GLU" => along(row, "glu", -1),
        "Softmax" => along(row, "softmax", 1),
        "CosineSimilarity" => Err("the language has no layer for the cosine of two values"),
        _ => return None,
    })
}

fn plain(row: &Row, entry: &'static str) -> Mapped {
    let axes = row.inputs[0].len().saturating_sub(2);
    Ok(Case::new(entry, row.channels_second(axes)?))
}

/// More slopes than one are one per channel.
fn prelu(row: &Row) -> Mapped {
    let case = plain(row, "prelu")?;
    Ok(match row.int("num_parameters")? {
        Some(Value::Int(slopes)) if slopes != 1 => case
            .with("per_channel", Value::Bool(true))
            .with("in", Value::Int(slopes)),
        _ => case,
    })
}

/// The axis by its name: PyTorch counts from the batch, or from the end.
fn along(row: &Row, entry: &'static str, default: i64) -> Mapped {
    let rank = i64::try_from(row.inputs[0].len()).map_err(|_| "more axes than there are")?;
    let dim = row.args.get("dim").and_then(serde_json::Value::as_i64);
    let dim = dim.unwrap_or(default);
    let axis = match (if dim < 0 { dim + rank } else { dim }, rank) {
        (0, _) => return Err("along the batch, which the language does not write"),
        (1, _) => "channels",
        (2, 3) => "length",
        (2, 4) | (3, 5) => "height",
        (3, 4) | (4, 5) => "width",
        (2, 5) => "depth",
        _ => return Err("an axis that is not there has no name"),
    };
    Ok(plain(row, entry)?.with("axis", Value::Keyword(axis)))
}
