//! Keras's recurrent layers.

use shapewise::Value;

use crate::Row;
use crate::frameworks::{Arguments, Case, Mapped};

pub fn map(row: &Row) -> Option<Mapped> {
    Some(match row.class {
        "SimpleRNN" | "LSTM" | "GRU" => Ok(recurrent(row, row.class, row.args)),
        "Bidirectional" => Ok(bidirectional(row)),
        _ => return None,
    })
}

/// Keras has one bias vector, but for a GRU whose reset gate works after the
/// product: that has two.
fn recurrent(row: &Row, class: &str, args: Arguments) -> Case {
    let entry = match class {
        "SimpleRNN" => "rnn",
        "LSTM" => "lstm",
        _ => "gru",
    };
    let off = |name: &str| args.bool(name) == Value::Bool(false);
    let bias = if off("use_bias") {
        Value::Bool(false)
    } else if entry == "gru" && !off("reset_after") {
        Value::Bool(true)
    } else {
        Value::Keyword("single")
    };
    let sequence = args.bool("return_sequences") == Value::Bool(true);
    Case::new(entry, vec![row.input])
        .with("features", args.int("units"))
        .with("bias", bias)
        .with("reset_after", args.bool("reset_after"))
        .with("return_sequence", Value::Bool(sequence))
}

fn bidirectional(row: &Row) -> Case {
    let class = row.args.get("layer").and_then(|layer| layer.as_str());
    let inner = row.args.get("kw").expect("the wrapped layer's arguments");
    let merge_mode = ["concat", "sum", "mul", "ave"]
        .into_iter()
        .find(|mode| row.args.is("merge_mode", mode));
    recurrent(row, class.expect("the wrapped class"), Arguments(inner))
        .with("bidirectional", Value::Bool(true))
        .with("merge_mode", merge_mode.map_or(Value::None, Value::Keyword))
}
