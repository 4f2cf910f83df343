//! Fully connected layers and embeddings.

use shapewise::{Error, Value};

use super::compare::Family;
use super::row::{
    Batched, Case, Mapped, NEGATIVE, Rejection, Row, Verdict, ZERO_EXTENT, channels_last, left_out,
    rejected, shape,
};

pub(crate) const FAMILY: Family = Family {
    name: "dense",
    map,
    rejections: REJECTIONS,
};

const NO_AXES: &str = "a value without axes is no shape";
const NO_FEATURES: &str = "an output of 0 features, which PyTorch allows, is no shape";

const REJECTIONS: &[Rejection] = &[
    rejected!("cannot be multiplied", Error::DeclaredInput { .. }),
    Rejection {
        text: "need to be at least 1D",
        verdict: Verdict::Unwritable(NO_AXES),
    },
    Rejection {
        text: "(1x0 and",
        verdict: Verdict::Unwritable(ZERO_EXTENT),
    },
    Rejection {
        text: "negative dimension",
        verdict: Verdict::Unwritable(NEGATIVE),
    },
    rejected!(
        "batch dimensions do not match",
        Error::Operands { places: [0, 1], .. }
    ),
    rejected!(
        "Padding_idx must be within",
        Error::TooLarge {
            argument: "padding_idx",
            ..
        }
    ),
    left_out(
        "scalar types: Long, Int",
        "the type of an index is the graph's matter, not the layer's",
    ),
];

fn map(row: &Row) -> Option<Mapped> {
    match row.layer.as_str() {
        "Linear" => Some(linear(row)),
        "Bilinear" => Some(bilinear(row)),
        "Embedding" => Some(embedding(row)),
        "EmbeddingBag" => Some(Err("no layer sums the vectors of a bag of indices")),
        _ => None,
    }
}

/// A batch and a sample, the sample as it is; of one axis there is no batch.
fn sample(input: &[usize]) -> Result<Batched, &'static str> {
    let (batch, rest) = input.split_at(usize::from(input.len() > 1));
    if rest.is_empty() {
        return Err(NO_AXES);
    }
    Ok(Batched {
        batch: batch.to_vec(),
        shape: shape(rest)?,
    })
}

fn linear(row: &Row) -> Mapped {
    let Batched { batch, shape } = sample(&row.inputs[0])?;
    let features = row.int("out_features")?;
    if features == Some(Value::Int(0)) {
        return Err(NO_FEATURES);
    }
    let mut case = Case::new(
        "linear",
        Batched {
            batch: batch.clone(),
            shape,
        },
    );
    case.outputs = Box::new(move |results| vec![channels_last(&batch, &results[0])]);
    Ok(case
        .with_some("in", row.int("in_features")?)
        .with_some("features", features)
        .with_some("bias", row.bool("bias"))
        .with("per_position", Value::Bool(shape.spatial_rank() > 1)))
}

/// The batch is taken as the positions of two sequences, so that two batches
/// that differ are something to complain about.
fn bilinear(row: &Row) -> Mapped {
    let first = shape(&row.inputs[0])?;
    let mut case = Case::new(
        "bilinear",
        Batched {
            batch: Vec::new(),
            shape: first,
        },
    );
    case.inputs.push(shape(&row.inputs[1])?);
    case.outputs = Box::new(|results| vec![channels_last(&[], &results[0])]);
    Ok(case
        .with_some("in", row.int("in1_features")?)
        .with_some("features", row.int("out_features")?)
        .with("other", Value::Input(1))
        .with_some("bias", row.bool("bias")))
}

/// A single index, without axes, is taken as a vector of one; a negative
/// `padding_idx` counts from the end.
fn embedding(row: &Row) -> Mapped {
    let input = &row.inputs[0];
    let scalar = input.is_empty();
    let Batched { batch, shape } = if scalar {
        sample(&[1])?
    } else {
        sample(input)?
    };
    let entries = row.args["num_embeddings"].as_i64().unwrap_or_default();
    let padding = row.args.get("padding_idx").and_then(|value| value.as_i64());
    let padding = padding.map(|padding| match padding {
        0.. => padding,
        // So far before the first that it wraps around to beyond the last.
        _ if padding < -entries => entries - padding,
        _ => entries + padding,
    });
    let mut case = Case::new(
        "embedding",
        Batched {
            batch: batch.clone(),
            shape,
        },
    );
    case.outputs = Box::new(move |results| {
        let first = usize::from(scalar);
        vec![channels_last(&batch, &results[0])[first..].to_vec()]
    });
    Ok(case
        .with_some("entries", row.int("num_embeddings")?)
        .with_some("features", row.int("embedding_dim")?)
        .with_some(
            "padding_idx",
            padding.map(|entry| Value::Int(entry.unsigned_abs())),
        ))
}
