//! The digits: 1,797 images of 8x8, and what they show.
//!
//! They are the UCI set *Optical Recognition of Handwritten Digits* (E. Alpaydin and
//! C. Kaynak, 1998, CC BY 4.0), as scikit-learn has them: 64 numbers from 0 to 16 and the
//! digit, a line each.

use std::error::Error;
use std::io::Read as _;

use burn::data::dataloader::batcher::Batcher;
use burn::tensor::{Device, Tensor, TensorData};
use shapewise_burn::train::Labelled;

/// An image and the digit that it shows.
#[derive(Clone, Debug)]
pub(crate) struct Digit {
    /// Row by row, from 0 to 1.
    pub(crate) pixels: Vec<f32>,
    pub(crate) digit: i64,
}

impl Digit {
    fn parse(line: &str) -> Result<Self, Box<dyn Error>> {
        let (pixels, digit) = line.rsplit_once(',').ok_or("a line of one number")?;
        let pixels: Result<Vec<f32>, _> = pixels.split(',').map(str::parse).collect();
        Ok(Self {
            pixels: pixels?.iter().map(|pixel| pixel / 16.0).collect(),
            digit: digit.trim().parse()?,
        })
    }
}

/// Makes batches on the device that is trained on.
#[derive(Clone, Debug)]
pub(crate) struct Batches;

impl Batcher<Digit, Labelled> for Batches {
    fn batch(&self, items: Vec<Digit>, device: &Device) -> Labelled {
        let count = items.len();
        let digits: Vec<i64> = items.iter().map(|item| item.digit).collect();
        let pixels: Vec<f32> = items.into_iter().flat_map(|item| item.pixels).collect();
        let images = Tensor::<4>::from_data(TensorData::new(pixels, [count, 1, 8, 8]), device);
        Labelled {
            inputs: vec![images.into()],
            classes: Tensor::from_data(TensorData::new(digits, [count]), device),
        }
    }
}

/// All digits, in three parts.
#[derive(Debug, Default)]
pub(crate) struct Digits {
    /// Those to learn from.
    pub(crate) train: Vec<Digit>,
    /// Those that say when to stop.
    pub(crate) valid: Vec<Digit>,
    /// Every fifth, by which the result is judged: nothing before that sees them.
    pub(crate) test: Vec<Digit>,
}

impl Digits {
    pub(crate) fn read() -> Result<Self, Box<dyn Error>> {
        let mut text = String::new();
        let packed = &include_bytes!("digits.csv.gz")[..];
        flate2::read::GzDecoder::new(packed).read_to_string(&mut text)?;
        let mut digits = Self::default();
        for (index, line) in text.lines().enumerate() {
            let part = match index % 20 {
                4 | 9 | 14 | 19 => &mut digits.test,
                7 | 17 => &mut digits.valid,
                _ => &mut digits.train,
            };
            part.push(Digit::parse(line)?);
        }
        Ok(digits)
    }
}
