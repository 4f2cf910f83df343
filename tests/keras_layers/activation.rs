//! Keras's activations.

use shapewise::Value;

use crate::Row;
use crate::frameworks::{Case, Mapped};

const PER_ELEMENT: &str = "PReLU with a slope per position: one or one per channel here";

pub fn map(row: &Row) -> Option<Mapped> {
    Some(match row.class {
        "PReLU" => {
            // A slope per element, except along the axes that share it.
            let shared: Vec<u64> =
                match row.args.get("shared_axes").and_then(|axes| axes.as_array()) {
                    Some(axes) => axes.iter().filter_map(serde_json::Value::as_u64).collect(),
                    None => Vec::new(),
                };
            let spatial = row.input.spatial();
            let per_channel = (0..row.axes())
                .all(|axis| spatial.at(axis) == 1 || shared.contains(&(axis as u64 + 1)));
            if !per_channel || shared.contains(&(row.input.rank() as u64)) {
                return Some(Err(PER_ELEMENT));
            }
            Ok(Case::new("prelu", vec![row.input]).with("per_channel", Value::Bool(true)))
        }
        _ => return None,
    })
}
