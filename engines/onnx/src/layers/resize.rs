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
            let factors: Vec<_> = (0..x.rank())
                .map(|axis| {
                    if axis < 2 || (sequence && axis == 2) {
                        1.0
                    } else {
                        scale
                    }
                })
                .collect();
            for axis in 2..x.rank() {
                check(said, x.size(axis), factors[axis], &dims[axis])?;
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

/// ONNX has scales in single precision: the size must be the same with them.
fn check(said: &Said<'_>, from: usize, scale: f64, to: &Dim) -> Result<(), Error> {
    #[expect(clippy::cast_precision_loss, reason = "as engines multiply")]
    let product = from as f32 * single(scale);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rounding down is the rule, and scales are not negative"
    )]
    let size = product as usize;
    if *to == Dim::Size(size) {
        Ok(())
    } else {
        Err(said.unsupported("a scale that gives another size in single precision"))
    }
}
