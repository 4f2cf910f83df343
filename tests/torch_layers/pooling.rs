//! Pooling.

use serde_json::Value as Json;
use shapewise::{Error, Value};

use super::compare::Family;
use super::row::{
    Case, Mapped, NEGATIVE, Rejection, Row, Verdict, ZERO_EXTENT, channels_first, left_out,
    rejected, shape, unwritable,
};

pub(crate) const FAMILY: Family = Family {
    name: "pooling",
    map,
    rejections: REJECTIONS,
};

const REJECTIONS: &[Rejection] = &[
    rejected!(
        "kernel_size=0",
        Error::TooSmall {
            argument: "kernel",
            ..
        }
    ),
    rejected!(
        "kernel size should be greater than zero",
        Error::TooSmall {
            argument: "kernel",
            ..
        }
    ),
    rejected!(
        "stride must be greater than zero",
        Error::TooSmall {
            argument: "stride",
            ..
        }
    ),
    rejected!(
        "stride should not be zero",
        Error::TooSmall {
            argument: "stride",
            ..
        }
    ),
    rejected!(
        "dilation should be greater than zero",
        Error::TooSmall {
            argument: "dilation",
            ..
        }
    ),
    rejected!(
        "divisor must be not zero",
        Error::TooSmall {
            argument: "divisor_override",
            ..
        }
    ),
    rejected!(
        "kernel_size must either be a single int",
        Error::AxisCount {
            argument: "kernel",
            ..
        }
    ),
    left_out(
        "unexpected keyword argument",
        "an argument that PyTorch has on two and three axes only",
    ),
    left_out(
        "found element of type NoneType",
        "`None` as a size: PyTorch takes it on two and three axes only",
    ),
    unwritable("pad must be non-negative", NEGATIVE),
    unwritable("elements of output_size must be", NEGATIVE),
    unwritable("with negative dimension", NEGATIVE),
    unwritable("being empty", ZERO_EXTENT),
    // Where PyTorch looks for an axis that the input does not have.
    rejected!(
        "Dimension out of range",
        Error::AxisCount { .. } | Error::InputRank { .. }
    ),
    rejected!("at most half of", Error::PaddingOverHalf { .. }),
    rejected!(
        "equal to half of kernel size",
        Error::PaddingOverHalf { .. }
    ),
    rejected!("Output size is too small", Error::WindowTooLarge { .. }),
    rejected!("Invalid computed output size", Error::WindowTooLarge { .. }),
    rejected!(
        "smaller than kernel size",
        Error::WindowOverInput { .. } | Error::WindowTooLarge { .. }
    ),
    rejected!(
        "(batch mode) tensor",
        Error::AxisCount { .. } | Error::InputRank { .. }
    ),
    rejected!(
        "-dimensional tensor for argument",
        Error::AxisCount { .. } | Error::InputRank { .. }
    ),
    rejected!(
        "D tensor, but got",
        Error::AxisCount { .. } | Error::InputRank { .. }
    ),
];

fn map(row: &Row) -> Option<Mapped> {
    let kind = row
        .layer
        .strip_suffix(['d'])?
        .strip_suffix(['1', '2', '3'])?;
    match kind {
        "MaxPool" => Some(max_pool(row)),
        "AvgPool" => Some(avg_pool(row)),
        "LPPool" => Some(lp_pool(row)),
        "AdaptiveAvgPool" => Some(adaptive(row, "adaptive_avg_pool")),
        "AdaptiveMaxPool" => Some(adaptive(row, "adaptive_max_pool")),
        _ => None,
    }
}

fn max_pool(row: &Row) -> Mapped {
    let mut case = window(row, "max_pool")?
        .with_some("padding", row.per_axis("padding")?)
        .with_some("dilation", row.per_axis("dilation")?);
    if row.is_true("return_indices") {
        let batch = row.channels_second(row.axes())?.batch;
        case.outputs = Box::new(move |results| vec![channels_first(&batch, &results[0]); 2]);
    }
    Ok(case)
}

fn avg_pool(row: &Row) -> Mapped {
    Ok(window(row, "avg_pool")?
        .with_some("padding", row.per_axis("padding")?)
        .with_some("count_include_pad", row.bool("count_include_pad"))
        .with_some("divisor_override", row.int("divisor_override")?))
}

fn lp_pool(row: &Row) -> Mapped {
    Ok(window(row, "lp_pool")?.with_some("norm_type", row.int("norm_type")?))
}

fn window(row: &Row, entry: &'static str) -> Mapped {
    let axes = row.axes();
    Ok(Case::new(entry, row.channels_second(axes)?)
        .with_some("kernel", row.kernel("kernel_size", axes)?)
        .with_some("stride", row.per_axis("stride")?)
        .with_some("ceil_mode", row.bool("ceil_mode")))
}

/// PyTorch's `None` keeps an extent of the input: here it is written out.
fn adaptive(row: &Row, entry: &'static str) -> Mapped {
    let axes = row.axes();
    let batched = row.channels_second(axes)?;
    let size = match row.args.get("output_size").and_then(Json::as_array) {
        Some(list) if list.contains(&Json::Null) => {
            let kept = |axis: usize| batched.shape.extents().at(axis) as u64;
            let size = list.iter().enumerate();
            let size: Option<Vec<usize>> = size
                .map(|(axis, size)| size.as_u64().unwrap_or(kept(axis)).try_into().ok())
                .collect();
            Some(Value::Extents(
                shape(&size.ok_or("a size beyond this machine")?)?.extents(),
            ))
        }
        _ => row.kernel("output_size", axes)?,
    };
    if matches!(size, Some(Value::Extents(size)) if size.has_zero()) {
        return Err(ZERO_EXTENT);
    }
    Ok(Case::new(entry, batched).with_some("size", size))
}
