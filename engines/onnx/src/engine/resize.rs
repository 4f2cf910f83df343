//! Interpolation to another size.

use shapewise_core::layer::shape_ops::Interpolation;
use shapewise_lower::{Dim, Made, Operations, Resize};

use super::{Onnx, Operand};
use crate::Error;
use crate::builder::{Attribute, Attributes, single};
use crate::value::{Value, ints, sizes};

/// The most elements that an image is padded with so that its size changes.
const MOST: usize = 1024;

/// The most points of an axis whose nearest elements are looked at one by one. Beyond
/// these single precision has no place between elements.
const POINTS: usize = 1 << 20;

impl Onnx {
    pub(super) fn resized(&mut self, x: Operand, options: &Resize<'_>) -> Made<Self> {
        let x = self.solid(x)?;
        let nearest = matches!(
            options.mode,
            Interpolation::Nearest | Interpolation::NearestExact
        );
        let how = match options.scale {
            Some(_) if !options.align_corners => Interpolated::by_scales(options, &x),
            _ => Some(Interpolated::Sizes),
        };
        let how = how.filter(|how| !nearest || how.finds(options, &x));
        match how {
            Some(how) if how.changes(&x, options.size) => self.interpolated(x, options, &how),
            _ if nearest => self.gathered(x, options),
            Some(how) => self.padded_first(&x, options, how),
            None => Err(self.unsupported("a scale that gives another size in single precision")),
        }
    }

    /// By ONNX's operator. Engines interpolate images and volumes; a sequence is an image
    /// of height 1.
    fn interpolated(&mut self, x: Value, options: &Resize<'_>, how: &Interpolated) -> Made<Self> {
        let mut attributes = attributes(options);
        let out = [&x.dims[..2], &sizes(options.size)].concat();
        let (mut x, mut dims) = (x, out.clone());
        let sequence = usize::from(x.rank() == 3);
        if sequence == 1 {
            let mut image = x.dims.clone();
            image.insert(2, Dim::Size(1));
            x = self.builder.reshape(&x, image)?;
            dims.insert(2, Dim::Size(1));
        }
        // All axes: engines that are given some of them know fewer cases.
        let inputs = match how {
            Interpolated::Scales(scales) => {
                let more = vec![1.0; 2 + sequence];
                let scales = scales.iter().copied().map(f64::from);
                let scales: Vec<_> = more.into_iter().chain(scales).collect();
                vec![Some(x.clone()), None, Some(self.builder.singles(&scales))]
            }
            Interpolated::Sizes => {
                let axes: Vec<_> = (2..x.rank()).collect();
                attributes.push(("axes", Attribute::Ints(ints(&axes)?)));
                let target = [&vec![1; sequence], options.size].concat();
                let target = ints(&target)?;
                vec![
                    Some(x.clone()),
                    None,
                    None,
                    Some(self.builder.list(&target)),
                ]
            }
        };
        let inputs: Vec<_> = inputs.iter().map(Option::as_ref).collect();
        let result = [(x.elements, dims)];
        let y = self
            .builder
            .node_with("Resize", &inputs, attributes, &result);
        Ok(self.builder.reshape(&y[0], out)?.into())
    }

    /// A scale that leaves every extent moves the points, which engines take for no change.
    /// With its last elements repeated the image changes its size, and its first points
    /// are the same.
    fn padded_first(&mut self, x: &Value, options: &Resize<'_>, how: Interpolated) -> Made<Self> {
        let Interpolated::Scales(scales) = how else {
            return Ok(x.clone().into());
        };
        let axis = x.rank() - 1;
        let (from, scale) = (x.size(axis), scales[scales.len() - 1]);
        let more = (1..=MOST).find_map(|more| {
            let longer = from.checked_add(more)?;
            let to = (longer..=longer + 1).find(|&to| gives(scale, longer, to))?;
            (to > longer).then_some((more, to))
        });
        let Some((more, to)) = more else {
            let reason = "a scale that leaves every extent, which engines take for no change";
            return Err(self.unsupported(reason));
        };
        let mut padding = vec![(0, 0); x.rank()];
        padding[axis].1 = more;
        let x = self.builder.pad(x, &padding, "edge", 0.0)?;
        let mut size = options.size.to_vec();
        let last = size.len() - 1;
        size[last] = to;
        let longer = Resize {
            size: &size,
            ..*options
        };
        let y = self.interpolated(x, &longer, &Interpolated::Scales(scales))?;
        self.slice(y, axis, 0, from)
    }

    /// The nearest elements at places that are calculated in the model, for what engines
    /// round in another way than PyTorch.
    fn gathered(&mut self, x: Value, options: &Resize<'_>) -> Made<Self> {
        let mut x = x;
        for (place, &to) in options.size.iter().enumerate() {
            let from = x.size(place + 2);
            if to > POINTS {
                return Err(self.unsupported(
                    "places of so many points, which need more than single precision",
                ));
            }
            let wanted = options.nearest(from, to);
            if from == to && wanted.iter().copied().eq(0..to) {
                continue;
            }
            let Some([start, step, divisor]) = multiples(options, &wanted, from, to) else {
                return Err(
                    self.unsupported("places of points, which need more than single precision")
                );
            };
            let end = to.checked_mul(step).and_then(|end| end.checked_add(start));
            let end = end.ok_or(Error::Overflow)?;
            let numbers = [start, end, step].map(|number| self.builder.integer(number));
            let [start, end, step] = numbers;
            let inputs = [&start?, &end?, &step?];
            let points = self.builder.node("Range", &inputs, vec![], sizes(&[to]));
            let divisor = self.builder.integer(divisor)?;
            let places = self.builder.binary("Div", &points, &divisor);
            let last = self.builder.integer(from - 1)?;
            let places = self.builder.binary("Min", &places, &last);
            x = self.builder.gather(&x, &places, place + 2)?;
        }
        Ok(x.into())
    }
}

/// What ONNX's operator is told.
enum Interpolated {
    /// The factor of each spatial axis.
    Scales(Vec<f32>),
    /// The sizes that come out.
    Sizes,
}

impl Interpolated {
    /// By the factors in single precision, in which ONNX has them. Where that gives
    /// another size, a number beside it is taken: the product is next to a whole number
    /// then, and points that lie between elements stay there.
    fn by_scales(options: &Resize<'_>, x: &Value) -> Option<Self> {
        let axes = options.size.iter().enumerate();
        let scales = axes.map(|(axis, &to)| {
            let from = x.size(axis + 2);
            let nearest = single(1.0 / options.step(from, to));
            let beside = [nearest, nearest.next_up(), nearest.next_down()];
            beside.into_iter().find(|&scale| gives(scale, from, to))
        });
        scales.collect::<Option<_>>().map(Self::Scales)
    }

    /// Whether the operator does something.
    fn changes(&self, x: &Value, size: &[usize]) -> bool {
        let mut axes = size.iter().enumerate();
        let still = axes.all(|(axis, &to)| x.size(axis + 2) == to);
        match self {
            Self::Sizes => true,
            #[expect(clippy::float_cmp, reason = "1 is written as such")]
            Self::Scales(scales) => !still || scales.iter().all(|&scale| scale == 1.0),
        }
    }

    /// Whether engines find the nearest elements that PyTorch does. Source: onnxruntime's
    /// `GetOriginalCoordinateFunc` and `GetNearestPixelFunc`.
    fn finds(&self, options: &Resize<'_>, x: &Value) -> bool {
        let exact = options.mode == Interpolation::NearestExact;
        let mut axes = options.size.iter().enumerate();
        axes.all(|(axis, &to)| {
            let from = x.size(axis + 2);
            let scale = match self {
                Self::Scales(scales) => scales[axis],
                Self::Sizes => float(to) / float(from),
            };
            let place = |point: usize| {
                let point = float(point);
                let place = match exact {
                    true => ((point + 0.5) / scale - 0.5).round(),
                    false => (point / scale).floor(),
                };
                whole(place).min(from - 1)
            };
            to > POINTS || (0..to).map(place).eq(options.nearest(from, to))
        })
    }
}

/// Whole numbers with which the element of the point `i` is that of
/// `(start + i*step) / divisor`, rounded down: a step in single precision is so many parts
/// of a power of two. What its product is rounded up by, the start adds.
fn multiples(options: &Resize<'_>, wanted: &[usize], from: usize, to: usize) -> Option<[usize; 3]> {
    let (mut step, mut divisor) = (options.step(from, to), 1_usize);
    step = f64::from(single(step));
    while step.fract() != 0.0 {
        step *= 2.0;
        divisor = divisor.checked_mul(2)?;
    }
    let mut step = whole_of(step)?;
    let mut start = 0;
    if options.mode == Interpolation::NearestExact {
        start = step;
        step = step.checked_mul(2)?;
        divisor = divisor.checked_mul(2)?;
    }
    let round = step.checked_mul(to)? >> 23;
    let starts = [0, round / 2, round, 2 * round + 1].map(|more| start.checked_add(more));
    starts.into_iter().flatten().find_map(|start| {
        let place = |point: usize| {
            Some((point.checked_mul(step)?.checked_add(start)? / divisor).min(from - 1))
        };
        let same = wanted
            .iter()
            .enumerate()
            .all(|(point, &wanted)| place(point) == Some(wanted));
        same.then_some([start, step, divisor])
    })
}

#[expect(clippy::cast_precision_loss, reason = "as engines have it")]
fn float(place: usize) -> f32 {
    place as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place, and 0 for what is before it"
)]
fn whole(place: f32) -> usize {
    place.max(0.0) as usize
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number below 2^53"
)]
fn whole_of(number: f64) -> Option<usize> {
    (0.0..9e15).contains(&number).then_some(number as usize)
}

/// ONNX's mode, and the attributes that say where the points of the output are in the
/// input. Source: PyTorch's `area_pixel_compute_source_index` and
/// `nearest_neighbor_compute_source_index`.
fn attributes(options: &Resize<'_>) -> Attributes {
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
    attributes
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
