//! Keras's pooling.

use shapewise::{Extents, Value};

use crate::Row;
use crate::frameworks::{Case, Mapped};
use crate::keras_layers::convolution::padding;

pub fn map(row: &Row) -> Option<Mapped> {
    let class = row
        .class
        .trim_end_matches(|c: char| c.is_ascii_digit() || c == 'D');
    Some(Ok(match class {
        "MaxPooling" => window(row, "max_pool"),
        "AveragePooling" => window(row, "avg_pool"),
        "AdaptiveAveragePooling" => adaptive(row, "adaptive_avg_pool"),
        "AdaptiveMaxPooling" => adaptive(row, "adaptive_max_pool"),
        "GlobalAveragePooling" => global(row, "global_avg_pool", "adaptive_avg_pool"),
        "GlobalMaxPooling" => global(row, "global_max_pool", "adaptive_max_pool"),
        _ => return None,
    }))
}

/// Without strides, Keras moves by the window as well.
fn window(row: &Row, entry: &'static str) -> Case {
    Case::new(entry, vec![row.input])
        .with("kernel", row.args.extents("pool_size", row.axes()))
        .with("stride", row.args.extents("strides", row.axes()))
        .with("padding", padding(row))
}

fn adaptive(row: &Row, entry: &'static str) -> Case {
    Case::new(entry, vec![row.input]).with("size", row.args.extents("output_size", row.axes()))
}

/// With `keepdims` the axes stay, one element each: adaptive pooling to that size.
fn global(row: &Row, to_vector: &'static str, to_size: &'static str) -> Case {
    if row.args.bool("keepdims") == Value::Bool(true) {
        let size = Extents::splat(1, row.axes());
        return Case::new(to_size, vec![row.input]).with("size", Value::Extents(size));
    }
    Case::new(to_vector, vec![row.input])
}
