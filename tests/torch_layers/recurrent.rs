//! Recurrent layers.

use shapewise::{Error, Shape, Value};

use super::compare::Family;
use super::row::{
    Batched, Case, Mapped, NEGATIVE, Rejection, Row, Verdict, ZERO_EXTENT, channels_last, rejected,
    shape,
};

pub(crate) const FAMILY: Family = Family {
    name: "recurrent",
    map,
    rejections: REJECTIONS,
};

const REJECTIONS: &[Rejection] = &[
    Rejection {
        text: "only supported for LSTM",
        verdict: Verdict::NoArgument("proj_size"),
    },
    rejected!(
        "proj_size has to be smaller",
        Error::TooLarge {
            argument: "proj_size",
            ..
        }
    ),
    Rejection {
        text: "proj_size should be a positive",
        verdict: Verdict::Unwritable(NEGATIVE),
    },
    rejected!("Expected input to be 2D or 3D", Error::InputRank { .. }),
    rejected!("input.size(-1) must be equal", Error::DeclaredInput { .. }),
    rejected!("input_size must be greater", Error::DeclaredInput { .. }),
    rejected!(
        "hidden_size must be greater",
        Error::TooSmall {
            argument: "features",
            ..
        }
    ),
    rejected!(
        "num_layers must be greater",
        Error::TooSmall {
            argument: "layers",
            ..
        }
    ),
    rejected!("dropout should be a number", Error::OutOfRange { .. }),
    Rejection {
        text: "Expected sequence length to be larger than 0",
        verdict: Verdict::Unwritable(ZERO_EXTENT),
    },
];

fn map(row: &Row) -> Option<Mapped> {
    match row.layer.as_str() {
        "RNN" => Some(recurrent(row, "rnn")),
        "LSTM" => Some(recurrent(row, "lstm")),
        "GRU" => Some(recurrent(row, "gru")),
        _ => None,
    }
}

fn recurrent(row: &Row, entry: &'static str) -> Mapped {
    let place = usize::from(!row.is_true("batch_first"));
    let Sample { batch, shape } = sample(&row.inputs[0], place)?;
    let mut case = Case::new(
        entry,
        Batched {
            batch: Vec::new(),
            shape,
        },
    );
    case.outputs = Box::new(move |results| {
        let mut outputs = vec![with_batch(&results[0], batch, place)];
        // Of the states, the batch is the second axis in any case.
        let states = &results[1..];
        outputs.extend(states.iter().map(|state| with_batch(state, batch, 1)));
        outputs
    });
    let nonlinearity = row.word("nonlinearity").map(|word| match word {
        "relu" => Value::Keyword("relu"),
        _ => Value::Keyword("tanh"),
    });
    let projection = match entry {
        "lstm" => row.int("proj_size")?,
        _ => None,
    };
    Ok(case
        .with_some("in", row.int("input_size")?)
        .with_some("features", row.int("hidden_size")?)
        .with_some("layers", row.int("num_layers")?)
        .with_some("bidirectional", row.bool("bidirectional"))
        .with_some("dropout", row.float("dropout"))
        .with_some("bias", row.bool("bias"))
        .with_some("nonlinearity", nonlinearity)
        .with_some("proj_size", projection))
}

/// A sequence of features, and the batch that was taken off it.
pub(super) struct Sample {
    pub(super) batch: Option<usize>,
    pub(super) shape: Shape,
}

/// An input of three or more axes without the one at `place`, the batch.
pub(super) fn sample(input: &[usize], place: usize) -> Result<Sample, &'static str> {
    let mut extents = input.to_vec();
    let batch = (input.len() > 2).then(|| extents.remove(place));
    Ok(Sample {
        batch,
        shape: shape(&extents)?,
    })
}

/// A shape with the batch back at `place`.
pub(super) fn with_batch(shape: &Shape, batch: Option<usize>, place: usize) -> Vec<usize> {
    let mut extents = channels_last(&[], shape);
    if let Some(batch) = batch {
        extents.insert(place, batch);
    }
    extents
}
