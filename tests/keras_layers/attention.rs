//! Keras's attention.

use crate::Row;
use crate::frameworks::{Case, Mapped};

pub fn map(row: &Row) -> Option<Mapped> {
    let (heads, kv_heads) = match row.class {
        "MultiHeadAttention" => ("num_heads", ""),
        "GroupQueryAttention" => ("num_query_heads", "num_key_value_heads"),
        _ => return None,
    };
    // The rows are of attention to itself: queries and values are one input.
    let head_dim = if row.args.has("key_dim") {
        "key_dim"
    } else {
        "head_dim"
    };
    Some(Ok(Case::new("attention", vec![row.input])
        .with("heads", row.args.int(heads))
        .with("kv_heads", row.args.int(kv_heads))
        .with("head_dim", row.args.int(head_dim))
        .with("value_dim", row.args.int("value_dim"))
        .with("features", row.args.int("output_shape"))
        .with("bias", row.args.bool("use_bias"))))
}
