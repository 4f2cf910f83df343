//! Normalisations.

use shapewise::{Error, Value};

use super::compare::Family;
use super::row::{
    Batched, Case, Mapped, Rejection, Row, Truth, Verdict, channels_last, left_out, rejected,
    shape, unwritable,
};

pub(crate) const FAMILY: Family = Family {
    name: "normalisation",
    map,
    rejections: REJECTIONS,
};

const ANY_AXES: &str = "normalisations per channel take any number of spatial axes";
const BATCH: &str = "the statistics of a batch: the language writes no batch";
const NO_SAMPLE: &str = "nothing but a batch, or a single number";

const REJECTIONS: &[Rejection] = &[
    left_out("Expected more than 1 value per channel", BATCH),
    rejected!(
        "Expected more than 1 spatial element",
        Error::InputRank {
            needs: shapewise::error::Needs::Words("more than one position"),
            ..
        }
    ),
    rejected!("running_mean should contain", Error::DeclaredInput { .. }),
    rejected!("to match num_features", Error::DeclaredInput { .. }),
    unwritable("input (got 1D input)", NO_SAMPLE),
    rejected!("(got 6D input)", Error::InputRank { .. }),
    left_out("D input (got", ANY_AXES),
    unwritable("Expected at least 2 dimensions", NO_SAMPLE),
    unwritable("but got input of size[]", NO_SAMPLE),
    unwritable("but got 0", NO_SAMPLE),
    // The channels are not those declared, and what comes in cannot be split.
    rejected!(
        "Expected number of channels in input to be divisible",
        Error::DeclaredInput { .. }
            | Error::NotDivisible {
                argument: "groups",
                ..
            }
    ),
    rejected!(
        "must be divisible by num_groups",
        Error::NotDivisible {
            argument: "groups",
            ..
        }
    ),
    rejected!(
        "modulo by zero",
        Error::TooSmall {
            argument: "groups",
            ..
        }
    ),
    rejected!(
        "Given normalized_shape",
        Error::DeclaredInput { .. }
            | Error::TooLarge {
                argument: "axes",
                ..
            }
    ),
    rejected!(
        "Input tensor must have at least",
        Error::TooLarge {
            argument: "axes",
            ..
        }
    ),
    rejected!(
        "Expected normalized_shape to be at least 1-dimensional",
        Error::TooSmall {
            argument: "axes",
            ..
        }
    ),
];

fn map(row: &Row) -> Option<Mapped> {
    Some(match row.layer.as_str() {
        "BatchNorm1d" | "BatchNorm2d" | "BatchNorm3d" => batch_norm(row),
        "InstanceNorm1d" | "InstanceNorm2d" | "InstanceNorm3d" => instance_norm(row),
        "GroupNorm" => group_norm(row),
        "LayerNorm" => last_axes(row, "layer_norm"),
        "RMSNorm" => last_axes(row, "rms_norm"),
        "LocalResponseNorm" => local_response_norm(row),
        _ => return None,
    })
}

/// The batch is always there, and channels follow.
fn batched(row: &Row) -> Result<Batched, &'static str> {
    let input = &row.inputs[0];
    if input.len() < 2 {
        return Err(NO_SAMPLE);
    }
    row.channels_second(input.len() - 2)
}

fn batch_norm(row: &Row) -> Mapped {
    let off = |name| row.bool(name) == Some(Value::Bool(false));
    let tracked = !off("track_running_stats");
    let compared = tracked || !off("affine");
    // Without a weight and statistics PyTorch compares the channels with nothing.
    let declared = row.int("num_features")?.filter(|_| compared);
    let mut case = Case::new("batch_norm", batched(row)?)
        .with_some("in", declared)
        .with_some("affine", row.bool("affine"))
        .with_some("track_running_stats", row.bool("track_running_stats"));
    case.other_buffers = u64::from(tracked);
    Ok(case)
}

fn instance_norm(row: &Row) -> Mapped {
    // Without a weight and statistics PyTorch only warns when the channels differ.
    let compared = row.is_true("affine") || row.is_true("track_running_stats");
    let declared = row.int("num_features")?.filter(|_| compared);
    let mut case = Case::new("instance_norm", row.channels_second(row.axes())?)
        .with_some("in", declared)
        .with_some("affine", row.bool("affine"))
        .with_some("track_running_stats", row.bool("track_running_stats"));
    case.other_buffers = u64::from(row.is_true("track_running_stats"));
    Ok(case)
}

fn group_norm(row: &Row) -> Mapped {
    let (groups, channels) = (row.int("num_groups")?, row.int("num_channels")?);
    // PyTorch looks at the numbers declared before it sees an input: then the
    // input is a vector of the channels declared.
    let early = ["num_channels (", "modulo by zero"];
    let sample = match (&row.truth, channels) {
        (Truth::Rejected(text), Some(Value::Int(channels)))
            if early.iter().any(|early| text.contains(early)) =>
        {
            Batched {
                batch: Vec::new(),
                shape: shape(&[usize::try_from(channels).map_err(|_| NO_SAMPLE)?])?,
            }
        }
        _ => batched(row)?,
    };
    Ok(Case::new("group_norm", sample)
        .with_some("in", channels)
        .with_some("groups", groups)
        .with_some("affine", row.bool("affine")))
}

/// What is normalised over the last axes, where channels are last in PyTorch
/// too.
fn last_axes(row: &Row, entry: &'static str) -> Mapped {
    let normalised = match row.list("normalized_shape")? {
        Some(list) => list,
        None => match row.int("normalized_shape")? {
            Some(Value::Int(extent)) => vec![usize::try_from(extent).map_err(|_| NO_SAMPLE)?],
            _ => return Err("a normalized_shape that is no list"),
        },
    };
    let input = &row.inputs[0];
    let (batch, sample) = input.split_at(usize::from(input.len() > normalised.len().max(1)));
    if sample.is_empty() {
        return Err(NO_SAMPLE);
    }
    if matches!(row.truth, Truth::Rejected(_))
        && normalised.len() <= sample.len()
        && normalised.last() == sample.last()
    {
        return Err("only the last of the axes can be declared, the others are inferred");
    }
    let sample = Batched {
        batch: batch.to_vec(),
        shape: shape(sample)?,
    };
    let batch = sample.batch.clone();
    let mut case = Case::new(entry, sample)
        .with("axes", Value::Int(normalised.len() as u64))
        .with_some("elementwise_affine", row.bool("elementwise_affine"))
        .with_some("bias", row.bool("bias"))
        .with_some("in", normalised.last().map(|&last| Value::Int(last as u64)));
    case.outputs = Box::new(move |results| vec![channels_last(&batch, &results[0])]);
    Ok(case)
}

fn local_response_norm(row: &Row) -> Mapped {
    Ok(Case::new("local_response_norm", batched(row)?)
        .with_some("size", row.int("size")?)
        .with_some("alpha", row.float("alpha"))
        .with_some("beta", row.float("beta"))
        .with_some("k", row.float("k")))
}
