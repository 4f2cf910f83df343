//! Keras's fully connected layers.

use shapewise::Value;

use crate::Row;
use crate::frameworks::{Case, Mapped};

pub fn map(row: &Row) -> Option<Mapped> {
    Some(match row.class {
        "Dense" => Ok(Case::new("linear", vec![row.input])
            .with("features", row.args.int("units"))
            .with("bias", row.args.bool("use_bias"))
            .with("per_position", Value::Bool(row.axes() > 1))),
        _ => return None,
    })
}
