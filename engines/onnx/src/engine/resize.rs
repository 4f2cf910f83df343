//! Interpolation to another size.

use shapewise_core::layer::shape_ops::Interpolation;
use shapewise_lower::{Dim, Made, Resize};

use super::adaptive::divisor;
use super::{Onnx, Operand};
use crate::Error;
use crate::builder::{Attribute, Attributes, single};
use crate::value::{Value, ints, sizes};

impl Onnx {
    pub(super) fn resized(&mut self, x: Operand, options: &Resize<'_>) -> Made<Self> {
        let mut x = self.solid(x)?;
        let (mode, mut attributes) = attributes(options);
        let out = [&x.dims[..2], &sizes(options.size)].concat();
        let mut dims = out.clone();
        // Engines interpolate images and volumes; a sequence is an image of height 1.
        let sequence = x.rank() == 3;
        if sequence {
            let mut image = x.dims.clone();
            image.insert(2, Dim::Size(1));
            x = self.builder.reshape(&x, image)?;
            dims.insert(2, Dim::Size(1));
        }
        // All axes: engines that are given some of them know fewer cases.
        let inputs = match options.scale {
            Some(scale) if !options.align_corners => {
                let first = 2 + usize::from(sequence);
                let factors = self.factors(&x, options, scale, first, mode)?;
                [None, Some(self.builder.singles(&factors)), None]
            }
            _ => {
                let axes: Vec<_> = (2..x.rank()).collect();
                let target: Vec<_> = dims[2..].iter().filter_map(|dim| dim.size()).collect();
                attributes.push(("axes", Attribute::Ints(ints(&axes)?)));
                let target = ints(&target)?;
                [None, None, Some(self.builder.list(&target))]
            }
        };
        let used = 1 + inputs.iter().rposition(Option::is_some).unwrap_or(0);
        let inputs = inputs[..used].iter().map(Option::as_ref);
        let inputs: Vec<_> = [Some(&x)].into_iter().chain(inputs).collect();
        let result = [(x.elements, dims)];
        let y = self
            .builder
            .node_with("Resize", &inputs, attributes, &result);
        Ok(self.builder.reshape(&y[0], out)?.into())
    }

    /// The factors by which the axes of `x` are interpolated: those from `first` on,
    /// the others stay.
    fn factors(
        &self,
        x: &Value,
        options: &Resize<'_>,
        scale: f64,
        first: usize,
        mode: &str,
    ) -> Result<Vec<f64>, Error> {
        let mut factors = vec![1.0; x.rank()];
        let mut still = true;
        for (axis, &to) in options.size.iter().enumerate() {
            let from = x.size(first + axis);
            still &= from == to;
            factors[first + axis] =
                self.rounded(mode, factor(options, scale, from, to), from, to)?;
        }
        #[expect(clippy::float_cmp, reason = "1 is written as such")]
        if still && factors.iter().any(|&factor| factor != 1.0) {
            let reason = "a scale that leaves every extent, which engines take for no change";
            return Err(self.unsupported(reason));
        }
        Ok(factors)
    }

    /// The factor in single precision, in which ONNX has it. Where that gives another
    /// size, the next number is taken: the product is next to a whole number then, and
    /// points that lie between elements stay there.
    fn rounded(&self, mode: &str, factor: f64, from: usize, to: usize) -> Result<f64, Error> {
        let nearest = single(factor);
        let next = nearest.next_up();
        if gives(nearest, from, to) {
            return Ok(nearest.into());
        }
        let between = mode != "nearest" || divisor(from, to) == 1;
        if between && gives(next, from, to) {
            return Ok(next.into());
        }
        Err(self.unsupported("a scale that gives another size in single precision"))
    }
}

/// ONNX's mode, and the attributes that say where the points of the output are in the
/// input. Source: PyTorch's `area_pixel_compute_source_index` and
/// `nearest_neighbor_compute_source_index`.
fn attributes(options: &Resize<'_>) -> (&'static str, Attributes) {
    let (mode, points, nearest) = match options.mode {
        Interpolation::Nearest => ("nearest", "asymmetric", "floor"),
        Interpolation::NearestExact => ("nearest", "half_pixel", "round_prefer_ceil"),
        Interpolation::Bicubic => ("cubic", "half_pixel", "floor"),
        _ => ("linear", "half_pixel", "floor"),
    };
    let points = match options.align_corners {
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
    (mode, attributes)
}

/// The factor that an axis is interpolated by. Where PyTorch interpolates linearly,
/// it takes an extent that stays as it is, whatever the scale was that led there; so
/// it does with images' nearest elements, and doubles an extent that doubles.
/// Source: `compute_source_index_and_lambda` and `nearest_idx`.
fn factor(options: &Resize<'_>, scale: f64, from: usize, to: usize) -> f64 {
    let exactly = |times: usize| from.checked_mul(times) == Some(to);
    let image = options.size.len() == 2;
    match options.mode {
        Interpolation::Nearest if image && exactly(2) => 2.0,
        Interpolation::Nearest if !image => scale,
        Interpolation::NearestExact | Interpolation::Bicubic => scale,
        _ if exactly(1) => 1.0,
        _ => scale,
    }
}

/// Whether the size is the same by engines, which multiply in single precision, and
/// by ONNX's inference, which does in double.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounding down is the rule, and scales are not negative"
)]
fn gives(factor: f32, from: usize, to: usize) -> bool {
    let by_engine = (from as f32 * factor) as usize;
    let by_inference = (from as f64 * f64::from(factor)) as usize;
    to == by_engine && to == by_inference
}
