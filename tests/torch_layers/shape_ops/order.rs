//! Flatten and Unflatten.

use serde_json::Value as Json;
use shapewise::{Extents, Value};

use crate::torch_layers::row::{Batched, Case, Mapped, NEGATIVE, Row, TOO_MANY_AXES, shape};

pub(super) const RANGE: &str = "`flatten` takes no range of axes";
const PART: &str = "a part of the axes as one: `reshape` says what comes out";
const NUMBER: &str = "a single number is no shape";

pub(super) fn map(row: &Row) -> Option<Mapped> {
    Some(match row.layer.as_str() {
        "Flatten" => flatten(row),
        "Unflatten" => unflatten(row),
        _ => return None,
    })
}

/// What PyTorch flattens from the channels on, or from the first position, or
/// everything of a sample without a batch.
fn flatten(row: &Row) -> Mapped {
    let input = &row.inputs[0];
    let rank = i64::try_from(input.len()).map_err(|_| TOO_MANY_AXES)?;
    if rank == 0 {
        return Err(NUMBER);
    }
    let dim = |name: &str, default: i64| {
        let dim = row.args.get(name).and_then(Json::as_i64);
        let dim = dim.unwrap_or(default);
        if dim < 0 { dim + rank } else { dim }
    };
    let (start, end) = (dim("start_dim", 1), dim("end_dim", -1));
    if start < 0 || end < start || end >= rank {
        return Err(RANGE);
    }
    let to_end = end == rank - 1;
    match start {
        0 if to_end => Ok(Case::new("flatten", sample(input, 0)?)),
        1 if to_end && rank > 1 => Ok(Case::new("flatten", sample(input, 1)?)),
        2 if to_end && rank > 3 => Ok(Case::new("to_sequence", sample(input, 1)?)),
        start if start == end => Err("one axis as one: nothing changes"),
        0 => Err("the batch and other axes as one"),
        _ => Err(PART),
    }
}

/// A reshape of the sample; an axis of the batch is one of a sample without.
fn unflatten(row: &Row) -> Mapped {
    let input = &row.inputs[0];
    let dim = row.args.get("dim").and_then(Json::as_u64).ok_or(NEGATIVE)?;
    let dim = usize::try_from(dim).map_err(|_| TOO_MANY_AXES)?;
    let sizes = row.args.get("unflattened_size").and_then(Json::as_array);
    let sizes: Vec<i64> = sizes
        .into_iter()
        .flatten()
        .filter_map(Json::as_i64)
        .collect();
    let known: i64 = sizes.iter().filter(|size| **size != -1).product();
    let all = i64::try_from(input[dim]).map_err(|_| TOO_MANY_AXES)?;
    let sizes = sizes
        .iter()
        .map(|&size| if size == -1 { all / known.max(1) } else { size });
    let sizes: Vec<usize> = sizes
        .map(|size| usize::try_from(size).map_err(|_| NEGATIVE))
        .collect::<Result<_, _>>()?;
    let batch = usize::from(dim > 0);
    let mut target = [&input[batch..dim], &sizes, &input[dim + 1..]].concat();
    target.rotate_left(1);
    let target = Extents::try_new(&target).ok_or(TOO_MANY_AXES)?;
    Ok(Case::new("reshape", sample(input, batch)?).with("shape", Value::Extents(target)))
}

/// What follows the batch, channels last.
fn sample(input: &[usize], batch: usize) -> Result<Batched, &'static str> {
    let (batch, rest) = input.split_at(batch);
    let mut rest = rest.to_vec();
    rest.rotate_left(1);
    Ok(Batched {
        batch: batch.to_vec(),
        shape: shape(&rest)?,
    })
}
