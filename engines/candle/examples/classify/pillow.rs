//! An image as torchvision's transforms for classification make it: the shorter side
//! resized, the middle cut out, the channels normalised.
//!
//! They resize by Pillow, whose bilinear filter is as wide as an image shrinks, along rows
//! and then columns, and rounds to whole bytes after each. So does this, to the bit.

/// Rows of pixels of three bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pixels {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) bytes: Vec<u8>,
}

/// The means and deviations of ImageNet's channels. Source: torchvision's
/// `transforms._presets.ImageClassification`.
const MEAN: [f32; 3] = [0.485, 0.456, 0.406];
const STD: [f32; 3] = [0.229, 0.224, 0.225];

/// How many bits behind the point Pillow's weights have. Source: its `Resample.c`.
const PRECISION: i32 = 32 - 8 - 2;

/// The elements that one of the output is made from.
struct Taps {
    first: usize,
    weights: Vec<i32>,
}

/// Source: `precompute_coeffs` and `normalize_coeffs_8bpc` of Pillow's `Resample.c`.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "as Pillow calculates"
)]
fn taps(from: usize, to: usize) -> Vec<Taps> {
    let scale = from as f64 / to as f64;
    let wide = scale.max(1.0);
    (0..to)
        .map(|place| {
            let centre = (place as f64 + 0.5) * scale;
            let first = ((centre - wide + 0.5) as i64).max(0) as usize;
            let last = ((centre + wide + 0.5) as i64).min(from as i64) as usize;
            let weights: Vec<f64> = (first..last)
                .map(|element| {
                    let distance = (element as f64 - centre + 0.5) * (1.0 / wide);
                    (1.0 - distance.abs()).max(0.0)
                })
                .collect();
            let sum: f64 = weights.iter().sum();
            let whole = f64::from(1 << PRECISION);
            let weights = weights.iter();
            let weights = weights.map(|weight| (0.5 + weight / sum * whole) as i32);
            Taps {
                first,
                weights: weights.collect(),
            }
        })
        .collect()
}

/// The bytes that are made of these.
#[allow(clippy::cast_sign_loss, reason = "no less than 0")]
#[allow(clippy::cast_possible_truncation, reason = "no more than 255")]
fn mixed(taps: &Taps, byte: impl Fn(usize) -> u8) -> u8 {
    let mut sum = 1 << (PRECISION - 1);
    for (place, weight) in taps.weights.iter().enumerate() {
        sum += i32::from(byte(taps.first + place)) * weight;
    }
    (sum >> PRECISION).clamp(0, 255) as u8
}

impl Pixels {
    fn at(&self, x: usize, y: usize, channel: usize) -> u8 {
        self.bytes[(y * self.width + x) * 3 + channel]
    }

    fn made(width: usize, height: usize, byte: impl Fn(usize, usize, usize) -> u8) -> Self {
        let mut bytes = Vec::with_capacity(width * height * 3);
        for y in 0..height {
            for x in 0..width {
                bytes.extend((0..3).map(|channel| byte(x, y, channel)));
            }
        }
        Self {
            width,
            height,
            bytes,
        }
    }

    /// `Image.resize((width, height), Resampling.BILINEAR)`.
    pub(crate) fn resized(&self, width: usize, height: usize) -> Self {
        let mut image = self.clone();
        if width != image.width {
            let taps = taps(image.width, width);
            image = Self::made(width, image.height, |x, y, channel| {
                mixed(&taps[x], |x| image.at(x, y, channel))
            });
        }
        if height != image.height {
            let taps = taps(image.height, height);
            image = Self::made(width, height, |x, y, channel| {
                mixed(&taps[y], |y| image.at(x, y, channel))
            });
        }
        image
    }

    /// `Resize(shorter)`: the shorter side has this extent, the other what keeps the form.
    pub(crate) fn shorter(&self, shorter: usize) -> Self {
        match self.width <= self.height {
            true => self.resized(shorter, shorter * self.height / self.width),
            false => self.resized(shorter * self.width / self.height, shorter),
        }
    }

    /// `CenterCrop(size)`, of an image that is no smaller.
    pub(crate) fn middle(&self, size: usize) -> Self {
        // Python rounds a half to the even number.
        let start = |extent: usize| {
            let rest = extent.saturating_sub(size);
            rest / 2 + usize::from(rest % 4 == 3)
        };
        let (left, top) = (start(self.width), start(self.height));
        Self::made(size, size, |x, y, channel| {
            self.at(left + x, top + y, channel)
        })
    }

    /// `ToTensor` and `Normalize`: the channels one behind the other.
    pub(crate) fn normalised(&self) -> Vec<f32> {
        let channel = |channel: usize| {
            let bytes = self.bytes.iter().skip(channel).step_by(3);
            bytes.map(move |&byte| (f32::from(byte) / 255.0 - MEAN[channel]) / STD[channel])
        };
        (0..3).flat_map(channel).collect()
    }
}
