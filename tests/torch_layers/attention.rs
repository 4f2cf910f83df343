//! Attention and transformer layers.

use shapewise::{Error, Value};

use super::compare::Family;
use super::recurrent::{Sample, sample, with_batch};
use super::row::{Batched, Case, Mapped, Rejection, Row, Verdict, left_out, rejected};

pub(crate) const FAMILY: Family = Family {
    name: "attention",
    map,
    rejections: REJECTIONS,
};

const REJECTIONS: &[Rejection] = &[
    rejected!(
        "must be divisible by num_heads",
        Error::NotDivisible {
            argument: "heads",
            ..
        }
    ),
    // Whichever of both is 0: no features can come in that were declared so.
    rejected!(
        "num_heads must be greater than 0",
        Error::TooSmall {
            argument: "heads",
            ..
        } | Error::DeclaredInput { declared: 0, .. }
    ),
    rejected!("but received 4-D query", Error::InputRank { .. }),
    rejected!(
        "was expecting embedding dimension",
        Error::DeclaredInput { .. }
    ),
    rejected!("expecting key weights shape", Error::DeclaredInput { .. }),
    rejected!(
        "Given normalized_shape",
        Error::DeclaredInput { .. } | Error::InputRank { .. }
    ),
    rejected!(
        "sequence and batch dims",
        Error::Operands { places: [1, 2], .. }
    ),
    rejected!(
        "does not match value shape",
        Error::Operands { places: [1, 2], .. } | Error::DeclaredInput { .. }
    ),
    rejected!("activation should be relu/gelu", Error::WrongType { .. }),
    left_out(
        "For batched (3-D) `query`",
        "the language never writes a batch, which only one input has here",
    ),
];

fn map(row: &Row) -> Option<Mapped> {
    match row.layer.as_str() {
        "MultiheadAttention" => Some(attention(row)),
        "TransformerEncoderLayer" => Some(transformer(row, "transformer_encoder")),
        "TransformerDecoderLayer" => Some(transformer(row, "transformer_decoder")),
        _ => None,
    }
}

/// A layer whose inputs lie as `batch_first` says and whose output is as the
/// first of them.
fn case(row: &Row, entry: &'static str) -> Mapped {
    let place = usize::from(!row.is_true("batch_first"));
    let Sample { batch, shape } = sample(&row.inputs[0], place)?;
    let mut case = Case::new(
        entry,
        Batched {
            batch: Vec::new(),
            shape,
        },
    );
    for input in &row.inputs[1..] {
        case.inputs.push(sample(input, place)?.shape);
    }
    case.outputs = Box::new(move |results| vec![with_batch(&results[0], batch, place)]);
    Ok(case)
}

/// Without `kdim` and `vdim`, PyTorch takes the features of the queries; the
/// language takes those that come in.
fn attention(row: &Row) -> Mapped {
    let features = row.int("embed_dim")?;
    let or_features = |value: Option<Value>| value.or(features).filter(|v| *v != Value::Int(0));
    Ok(case(row, "attention")?
        .with_some("in", features)
        .with_some("heads", row.int("num_heads")?)
        .with("memory", Value::Input(1))
        .with("value", Value::Input(2))
        .with_some("kdim", or_features(row.int("kdim")?))
        .with_some("vdim", or_features(row.int("vdim")?))
        .with_some("bias", row.bool("bias"))
        .with_some("add_bias_kv", row.bool("add_bias_kv"))
        .with_some("add_zero_attn", row.bool("add_zero_attn")))
}

fn transformer(row: &Row, entry: &'static str) -> Mapped {
    let activation = row.word("activation").map(|word| match word {
        "relu" => "relu",
        "gelu" => "gelu",
        _ => "swish",
    });
    let memory = (entry == "transformer_decoder").then_some(Value::Input(1));
    Ok(case(row, entry)?
        .with_some("in", row.int("d_model")?)
        .with_some("heads", row.int("nhead")?)
        .with_some("memory", memory)
        .with_some("feedforward", row.int("dim_feedforward")?)
        .with_some("activation", activation.map(Value::Keyword))
        .with_some("norm_first", row.bool("norm_first"))
        .with_some("bias", row.bool("bias")))
}
