//! Keras's fully connected layers and embeddings.

use shapewise::Value;

use crate::Row;
use crate::frameworks::{Arguments, Case, Mapped};

pub fn map(row: &Row) -> Option<Mapped> {
    Some(match row.class {
        "Dense" => Ok(Case::new("linear", vec![row.input])
            .with("features", row.args.int("units"))
            .with("bias", row.args.bool("use_bias"))
            .with("per_position", Value::Bool(row.axes() > 1))),
        // A layer of its own for each step is what `linear` on a sequence is.
        "TimeDistributed" if row.args.is("layer", "Dense") => {
            let inner = row.args.get("kw").expect("the wrapped layer's arguments");
            Ok(Case::new("linear", vec![row.input])
                .with("features", Arguments(inner).int("units"))
                .with("bias", Arguments(inner).bool("use_bias")))
        }
        "Embedding" => Ok(Case::new("embedding", vec![row.input])
            .with("entries", row.args.int("input_dim"))
            .with("features", row.args.int("output_dim"))),
        _ => return None,
    })
}
