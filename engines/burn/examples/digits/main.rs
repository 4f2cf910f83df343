//! Trains a LeNet-5 for images of 8x8 on handwritten digits, and writes what it learned
//! for PyTorch and as ONNX.
//!
//! ```sh
//! cargo run --release -p shapewise-burn --example digits
//! ```
//!
//! The data are the 1,797 digits of the UCI set *Optical Recognition of Handwritten Digits*
//! (E. Alpaydin and C. Kaynak, 1998, CC BY 4.0), as scikit-learn has them: 64 numbers from
//! 0 to 16 and the digit, a line each.

use std::error::Error;
use std::io::Read as _;

use burn::module::Module;
use burn::optim::{AdamConfig, GradientsParams};
use burn::tensor::{Device, Int, Tensor, TensorData, activation};
use shapewise::network;
use shapewise_burn::Model;
use shapewise_onnx::{Options, Weights};

network! {
    /// LeNet-5 with what 8x8 leave of it.
    pub struct LeNet5(image: 8x8x1) -> (logits: 10) {
        conv1: conv(16, 3x3, padding = 1), relu    => 8x8x16;
        pool1: max_pool(2x2)                       => 4x4x16;
        conv2: conv(32, 3x3, padding = 1), relu    => 4x4x32;
        pool2: max_pool(2x2)                       => 2x2x32;
        fc1:   flatten, linear(84), relu, dropout(0.3);
        fc2:   linear(10);
    }
}

const EPOCHS: usize = 25;
const BATCH: usize = 64;

/// Images with their digits.
#[derive(Default)]
struct Digits {
    pixels: Vec<f32>,
    labels: Vec<i64>,
}

impl Digits {
    fn push(&mut self, line: &str) -> Result<(), Box<dyn Error>> {
        let numbers: Result<Vec<f32>, _> = line.split(',').map(str::parse).collect();
        let numbers = numbers?;
        let [pixels @ .., label] = numbers.as_slice() else {
            return Err("an empty line".into());
        };
        self.pixels.extend(pixels.iter().map(|pixel| pixel / 16.0));
        #[expect(clippy::cast_possible_truncation, reason = "a digit")]
        self.labels.push(*label as i64);
        Ok(())
    }

    /// Some of the images, and their digits.
    fn batch(&self, places: &[usize], device: &Device) -> (Tensor<4>, Tensor<1, Int>) {
        let pixels = places
            .iter()
            .flat_map(|&place| &self.pixels[64 * place..][..64]);
        let pixels = TensorData::new(
            pixels.copied().collect::<Vec<f32>>(),
            [places.len(), 1, 8, 8],
        );
        let labels: Vec<i64> = places.iter().map(|&place| self.labels[place]).collect();
        let labels = TensorData::new(labels, [places.len()]);
        (
            Tensor::from_data(pixels, device),
            Tensor::from_data(labels, device),
        )
    }
}

/// The digits to learn from, and every fifth, which is never seen.
fn digits() -> Result<(Digits, Digits), Box<dyn Error>> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(&include_bytes!("digits.csv.gz")[..]).read_to_string(&mut text)?;
    let (mut train, mut test) = (Digits::default(), Digits::default());
    for (index, line) in text.lines().enumerate() {
        let part = if index % 5 == 4 {
            &mut test
        } else {
            &mut train
        };
        part.push(line)?;
    }
    Ok((train, test))
}

/// The mean of `-log(share of the right digit)`.
fn loss(logits: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<1> {
    let shares = activation::log_softmax(logits, 1);
    let right: Tensor<2> = shares.gather(1, labels.unsqueeze_dim(1));
    right.mean().neg()
}

/// The share of digits that are read right.
fn accuracy(model: &Model<LeNet5>, digits: &Digits) -> Result<f64, Box<dyn Error>> {
    let places: Vec<usize> = (0..digits.labels.len()).collect();
    let (images, _) = digits.batch(&places, &Device::flex());
    let logits: Tensor<2> = model.forward(images)?;
    let read = logits.argmax(1).to_data();
    let right = read
        .iter::<i64>()
        .zip(&digits.labels)
        .filter(|(a, b)| a == *b);
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    Ok(right.count() as f64 / places.len() as f64)
}

fn main() -> Result<(), Box<dyn Error>> {
    let (train, test) = digits()?;
    let device = Device::flex().autodiff();
    device.seed(7);
    let mut model = Model::<LeNet5>::seeded(&device, 7)?;
    let mut optimizer = AdamConfig::new().init();
    println!(
        "{} parameters, {} digits to learn from, {} to be judged by",
        LeNet5::PARAMS,
        train.labels.len(),
        test.labels.len()
    );
    let mut order: Vec<usize> = (0..train.labels.len()).collect();
    for epoch in 1..=EPOCHS {
        // Another order each time: a step through all places that divides none of them.
        let step = [599, 811, 353, 1013][epoch % 4];
        order.sort_by_key(|place| place * step * epoch % 1_439);
        let mut sum = 0.0;
        for places in order.chunks(BATCH) {
            let (images, labels) = train.batch(places, &device);
            let loss = loss(model.forward(images)?, labels);
            sum += loss.clone().into_scalar::<f32>();
            let gradients = GradientsParams::from_grads(loss.backward(), &model);
            model = optimizer.step(1e-3, model, gradients);
        }
        let batches = train.labels.len().div_ceil(BATCH);
        let share = accuracy(&model.valid(), &test)?;
        #[expect(clippy::cast_precision_loss, reason = "a few")]
        let mean = sum / batches as f32;
        println!(
            "epoch {epoch:2}: loss {mean:.4}, {:.1}% right",
            100.0 * share
        );
    }
    let valid = model.valid();
    let share = accuracy(&valid, &test)?;
    if share < 0.97 {
        return Err(format!("only {:.1}% of the digits are read right", 100.0 * share).into());
    }
    let folder = std::env::var_os("DIGITS_OUT").map_or_else(std::env::temp_dir, Into::into);
    let (weights, onnx) = (
        folder.join("digits.safetensors"),
        folder.join("digits.onnx"),
    );
    valid.save(&weights)?;
    let options = Options::default().weights(Weights::Embedded(weights.clone()));
    shapewise_onnx::write::<LeNet5>(&onnx, &options)?;
    println!("{}\n{}", weights.display(), onnx.display());
    Ok(())
}
