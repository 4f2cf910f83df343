//! Interpolation to another size.

use shapewise_core::layer::shape_ops::{Interpolation, Upsample};

use super::adaptive;
use crate::Error;
use crate::builder::{Attribute, single};
use crate::layer::Said;
use crate::value::{Dim, Value, batched, ints};

pub(super) fn say(said: &mut Said<'_>, x: &Value, upsample: &Upsample) -> Result<Value, Error> {
    let x = said.builder.channels_first(x)?;
    let y = match upsample.mode {
        Interpolation::Area => adaptive::average(said, &x, &upsample.size)?,
        _ => resized(said, &x, upsample)?,
    };
    said.builder.back_from_channels_first(&y)
}

fn resized(said: &mut Said<'_>, x: &Value, upsample: &Upsample) -> Result<Value, Error> {
    // Where the points of the output are in the input. Source: PyTorch's
    // `area_pixel_compute_source_index` and `nearest_neighbor_compute_source_index`.
    let (mode, points, nearest) = match upsample.mode {
        Interpolation::Nearest => ("nearest", "asymmetric", "floor"),
        Interpolation::NearestExact => ("nearest", "half_pixel", "round_prefer_ceil"),
        Interpolation::Bicubic => ("cubic", "half_pixel", "floor"),
        _ => ("linear", "half_pixel", "floor"),
    };
    let points = match upsample.align_corners {
        true => "align_corners",
        false => points,
    };
    let mut attributes = vec![
        ("mode", Attribute::Text(mode)),
        ("coordinate_transformation_mode", Attribute::Text(points)),
    ];
    match mode {
        "nearest" => attributes.push(("nearest_mode", Attribute::Text(nearest))),
        "cubic" => attributes.push(("cubic_coeff_a", Attribute::Float(-0.75))),
        _ => {}
    }
    let out = said.results[0].channels_first();
    let mut dims = batched(out.as_slice());
    let mut x = x.clone();
    // Engines interpolate images and volumes; a sequence is an image of height 1.
    let sequence = x.rank() == 3;
    if sequence {
        let mut image = x.dims.clone();
        image.insert(2, Dim::Size(1));
        x = said.builder.reshape(&x, image)?;
        dims.insert(2, Dim::Size(1));
    }
    // All axes: engines that are given some of them know fewer cases.
    let y = match upsample.scale {
        Some(scale) if !upsample.align_corners => {
            let mut factors = vec![1.0; x.rank()];
            for axis in (2 + usize::from(sequence))..x.rank() {
                let (from, to) = (x.size(axis), &dims[axis]);
                let scale = factor(upsample, scale, from, to);
                factors[axis] = rounded(said, mode, scale, from, to)?;
            }
            #[expect(clippy::float_cmp, reason = "1 is written as such")]
            if x.dims == dims && factors.iter().any(|&factor| factor != 1.0) {
                return Err(said.unsupported(
                    "a scale that leaves every extent, which engines take for no change",
                ));
            }
            let scales = said.builder.singles(&factors);
            let inputs = [Some(&x), None, Some(&scales)];
            let result = [(x.elements, dims)];
            said.builder
                .node_with("Resize", &inputs, attributes, &result)
                .remove(0)
        }
        _ => {
            let axes: Vec<_> = (2..x.rank()).collect();
            let target: Vec<_> = dims[2..]
                .iter()
                .map(|dim| match dim {
                    Dim::Size(size) => *size,
                    Dim::Batch => 1,
                })
                .collect();
            attributes.push(("axes", Attribute::Ints(ints(&axes)?)));
            let target = ints(&target)?;
            let target = said.builder.list(&target);
            let inputs = [Some(&x), None, None, Some(&target)];
            let result = [(x.elements, dims)];
            said.builder
                .node_with("Resize", &inputs, attributes, &result)
                .remove(0)
        }
    };
    said.builder.reshape(&y, batched(out.as_slice()))
}

/// The factor that an axis is interpolated by. Where PyTorch interpolates linearly,
/// it takes an extent that stays as it is, whatever the scale was that led there; so
/// it does with images' nearest elements, and doubles an extent that doubles.
/// Source: `compute_source_index_and_lambda` and `nearest_idx`.
fn factor(upsample: &Upsample, scale: f64, from: usize, to: &Dim) -> f64 {
    let exactly = |times: usize| from.checked_mul(times).map(Dim::Size) == Some(*to);
    let image = upsample.size.len() == 2;
    match upsample.mode {
        Interpolation::Nearest if image && exactly(2) => 2.0,
        Interpolation::Nearest if !image => scale,
        Interpolation::NearestExact | Interpolation::Bicubic => scale,
        _ if exactly(1) => 1.0,
        _ => scale,
    }
}

/// The factor in single precision, in which ONNX has it. Where that gives another
/// size, the next number is taken: the product is next to a whole number then, and
/// points that lie between elements stay there.
fn rounded(said: &Said<'_>, mode: &str, factor: f64, from: usize, to: &Dim) -> Result<f64, Error> {
    let nearest = single(factor);
    let next = nearest.next_up();
    if gives(nearest, from, to) {
        return Ok(nearest.into());
    }
    let between = match to {
        Dim::Size(to) => mode != "nearest" || adaptive::divisor(from, *to) == 1,
        Dim::Batch => false,
    };
    if between && gives(next, from, to) {
        return Ok(next.into());
    }
    Err(said.unsupported("a scale that gives another size in single precision"))
}

/// Whether the size is the same by engines, which multiply in single precision, and
/// by ONNX's inference, which does in double.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounding down is the rule, and scales are not negative"
)]
fn gives(factor: f32, from: usize, to: &Dim) -> bool {
    let by_engine = (from as f32 * factor) as usize;
    let by_inference = (from as f64 * f64::from(factor)) as usize;
    *to == Dim::Size(by_engine) && *to == Dim::Size(by_inference)
}
