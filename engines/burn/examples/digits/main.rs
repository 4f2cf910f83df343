//! Trains a LeNet-5 for images of 8x8 on handwritten digits with burn's `Learner`, and
//! writes what it learned for PyTorch and as ONNX.
//!
//! ```sh
//! cargo run --release -p shapewise-burn --example digits
//! cargo run --release -p shapewise-burn --example digits -- --devices 2
//! cargo run --release -p shapewise-burn --features wgpu --example digits -- --device wgpu
//! ```
//!
//! `DIGITS_OUT` names the folder for what is written, `PYTHON` a Python that has
//! onnxruntime: `PYTHON=$(sh engines/onnx/tests/setup.sh)`.

use std::error::Error;
use std::path::PathBuf;

use burn::data::dataloader::batcher::Batcher as _;
use burn::tensor::Device;
use shapewise::network;
use shapewise_burn::Model;
use shapewise_onnx::Weights;

use data::{Batches, Digit, Digits};
use training::Options;

mod data;
#[path = "../../tests/device/mod.rs"]
mod device;
mod lines;
mod onnx;
mod training;

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

/// The digit that each ten logits are for.
fn read(logits: &[f32]) -> Vec<usize> {
    let largest = |ten: &[f32]| {
        let digits = ten.iter().enumerate();
        digits
            .max_by(|a, b| a.1.total_cmp(b.1))
            .map_or(0, |(digit, _)| digit)
    };
    logits.chunks(10).map(largest).collect()
}

/// The logits of some digits, ten for each.
fn logits(
    model: &Model<LeNet5>,
    digits: &[Digit],
    device: &Device,
) -> Result<Vec<f32>, Box<dyn Error>> {
    let batch = Batches.batch(digits.to_vec(), device);
    let output = model.classify(batch)?;
    Ok(output.output.to_data().iter().collect())
}

fn options() -> Result<Options, Box<dyn Error>> {
    let (mut epochs, mut batch, mut devices, mut device) = (25, 64, 1, "flex".to_owned());
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        let value = given.next();
        if name == "--device" {
            device = value.ok_or("`--device` takes a name: flex, wgpu, vulkan, cuda")?;
            continue;
        }
        let number = value.and_then(|number| number.parse().ok());
        let number = number.filter(|number| *number > 0);
        let number: usize = number.ok_or_else(|| format!("`{name}` takes a number from 1 on"))?;
        match name.as_str() {
            "--devices" => devices = number,
            "--epochs" => epochs = number,
            "--batch" => batch = number,
            _ => return Err(format!("no `{name}`: --device, --devices, --epochs, --batch").into()),
        }
    }
    if batch < devices {
        return Err("more devices than images in a batch".into());
    }
    let devices = (0..devices).map(|number| device::named(&device, number));
    Ok(Options {
        epochs,
        batch,
        devices: devices.collect::<Result<_, _>>()?,
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let options = options()?;
    let digits = Digits::read()?;
    println!(
        "{} parameters, {} digits to learn from, {} that say when to stop, {} to be judged by",
        LeNet5::PARAMS,
        digits.train.len(),
        digits.valid.len(),
        digits.test.len()
    );
    let out = std::env::var_os("DIGITS_OUT").map_or_else(std::env::temp_dir, PathBuf::from);
    let model = training::train(&digits, &options, &out.join("digits"))?;

    let device = options.devices.first().ok_or("no device")?;
    let logits = logits(&model, &digits.test, device)?;
    let found = read(&logits);
    let right = found.iter().zip(&digits.test);
    let right = right.filter(|(found, digit)| i64::try_from(**found) == Ok(digit.digit));
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let share = 100.0 * right.count() as f64 / digits.test.len() as f64;
    println!("{share:.1}% of the digits that it never saw are read right");

    let (weights, onnx) = (out.join("digits.safetensors"), out.join("digits.onnx"));
    model.save(&weights)?;
    let embedded = shapewise_onnx::Options::default().weights(Weights::Embedded(weights.clone()));
    shapewise_onnx::write::<LeNet5>(&onnx, &embedded)?;
    println!("{}\n{}", weights.display(), onnx.display());

    match onnx::logits(&onnx, &digits.test)? {
        None => println!(
            "onnxruntime is not there, so its predictions are not compared; PYTHON names a Python \
             that has it"
        ),
        Some(other) if read(&other) == found => {
            let apart = logits.iter().zip(&other).map(|(a, b)| (a - b).abs());
            println!(
                "onnxruntime predicts the same; logits differ by at most {:.1e}",
                apart.fold(0.0, f32::max)
            );
        }
        Some(_) => return Err("onnxruntime predicts other digits".into()),
    }
    match share >= 97.0 || options.epochs < 25 {
        true => Ok(()),
        false => Err("fewer than 97% are read right".into()),
    }
}
