//! Interpolation to another size, axis by axis.

use shapewise_core::layer::shape_ops::Interpolation;

use super::movement::taken;
use super::window::{ratio, weights_along};
use crate::engine::{Engine, Made, Resize, known};

pub(crate) fn resize<E: Engine>(e: &mut E, x: E::Value, options: &Resize<'_>) -> Made<E> {
    let mut x = x;
    let rank = e.dims(&x).len();
    for (place, &to) in options.size.iter().enumerate() {
        let axis = place + 2;
        let from = known(e, &x)[axis];
        let taps = taps(options, from, to);
        if let [only] = taps.as_slice() {
            if from != to || only.places.iter().copied().ne(0..to) {
                x = taken(e, x, axis, &only.places)?;
            }
            continue;
        }
        let mut sum: Option<E::Value> = None;
        for tap in taps {
            let one = taken(e, x.clone(), axis, &tap.places)?;
            let weights = weights_along(e, &tap.weights, axis, rank)?;
            let one = e.mul(one, weights)?;
            sum = Some(match sum {
                Some(sum) => e.add(sum, one)?,
                None => one,
            });
        }
        x = sum.unwrap_or(x);
    }
    Ok(x)
}

impl Resize<'_> {
    /// How far the points of the output are apart in the input, along an axis. PyTorch
    /// takes an extent that stays as it is where it interpolates linearly, whatever the
    /// scale was that led there; so it does with the nearest elements of images, where it
    /// doubles an extent that doubles, too. Source: `compute_source_index_and_lambda` and
    /// `nearest_idx`.
    #[must_use]
    pub fn step(&self, from: usize, to: usize) -> f64 {
        let exactly = |times: usize| from.checked_mul(times) == Some(to);
        let by_size = match self.mode {
            Interpolation::Nearest => self.size.len() == 2 && (exactly(1) || exactly(2)),
            Interpolation::NearestExact | Interpolation::Bicubic => false,
            Interpolation::Linear
            | Interpolation::Bilinear
            | Interpolation::Trilinear
            | Interpolation::Area => exactly(1),
        };
        match self.scale {
            Some(scale) if !by_size => 1.0 / scale,
            _ => ratio(from, to),
        }
    }

    /// The element that each point of an axis takes, where the mode is one of the nearest:
    /// in single precision, as PyTorch has it, which decides between neighbours.
    ///
    /// ```
    /// use shapewise_core::layer::shape_ops::Interpolation;
    /// use shapewise_lower::Resize;
    ///
    /// let options = Resize {
    ///     size: &[5],
    ///     scale: Some(1.7),
    ///     mode: Interpolation::Nearest,
    ///     align_corners: false,
    /// };
    /// assert_eq!(options.nearest(3, 5), [0, 0, 1, 1, 2]);
    /// ```
    #[must_use]
    pub fn nearest(&self, from: usize, to: usize) -> Vec<usize> {
        let ahead = match self.mode {
            Interpolation::NearestExact => 0.5,
            _ => 0.0,
        };
        let step = single(self.step(from, to));
        let points = (0..to).map(|point| (single(float(point)) + ahead) * step);
        let places = points.map(|point| whole(f64::from(point.floor()).max(0.0)));
        places
            .map(|place| place.min(from.saturating_sub(1)))
            .collect()
    }
}

/// One of the elements that each point is made from, and its share.
struct Tap {
    places: Vec<usize>,
    weights: Vec<f64>,
}

fn taps(options: &Resize<'_>, from: usize, to: usize) -> Vec<Tap> {
    let last = from - 1;
    let place = |place: f64| whole(place.max(0.0)).min(last);
    match options.mode {
        Interpolation::Nearest | Interpolation::NearestExact => vec![Tap {
            places: options.nearest(from, to),
            weights: vec![],
        }],
        Interpolation::Bicubic => {
            let points: Vec<_> = (0..to)
                .map(|point| position(options, from, to, point))
                .collect();
            (0..4)
                .map(|tap| Tap {
                    places: points
                        .iter()
                        .map(|point| place(point.floor() + f64::from(tap) - 1.0))
                        .collect(),
                    weights: points
                        .iter()
                        .map(|point| cubic((point - point.floor() + 1.0 - f64::from(tap)).abs()))
                        .collect(),
                })
                .collect()
        }
        // The mean is no interpolation between points.
        Interpolation::Linear
        | Interpolation::Bilinear
        | Interpolation::Trilinear
        | Interpolation::Area => {
            let points: Vec<_> = (0..to)
                .map(|point| position(options, from, to, point))
                .collect();
            (0..2)
                .map(|tap| Tap {
                    places: points
                        .iter()
                        .map(|point| place(point.floor() + f64::from(tap)))
                        .collect(),
                    weights: points
                        .iter()
                        .map(|point| {
                            let share = point - point.floor();
                            if tap == 0 { 1.0 - share } else { share }
                        })
                        .collect(),
                })
                .collect()
        }
    }
}

/// Where a point of the output is in the input. Source: PyTorch's
/// `area_pixel_compute_source_index`.
fn position(options: &Resize<'_>, from: usize, to: usize, point: usize) -> f64 {
    if options.align_corners {
        return match to {
            1 => 0.0,
            _ => float(point) * ratio(from - 1, to - 1),
        };
    }
    (float(point) + 0.5) * options.step(from, to) - 0.5
}

/// The share of an element at a distance. Source: Keys, Cubic convolution
/// interpolation, 1981, with a = -0.75 as in PyTorch.
fn cubic(distance: f64) -> f64 {
    const A: f64 = -0.75;
    let d = distance;
    if d <= 1.0 {
        ((A + 2.0) * d - (A + 3.0)) * d * d + 1.0
    } else {
        ((A * d - 5.0 * A) * d + 8.0 * A) * d - 4.0 * A
    }
}

#[expect(clippy::cast_precision_loss, reason = "a place in floating point")]
fn float(place: usize) -> f64 {
    place as f64
}

#[expect(clippy::cast_possible_truncation, reason = "the nearest number")]
fn single(value: f64) -> f32 {
    value as f32
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place, and no less than 0"
)]
fn whole(place: f64) -> usize {
    place as usize
}
