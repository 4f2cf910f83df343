//! Says what is on an image, with a ResNet-18 that PyTorch trained.
//!
//! ```text
//! cargo run --release -p shapewise-candle --example classify -- CHECKPOINT IMAGE
//! ```
//!
//! The checkpoint is torchvision's, as `torch.save(model.state_dict(), "resnet18.pth")` or
//! `safetensors.torch.save_file` writes it. Who has none makes a small one, which goes by
//! colours, and an image for it:
//!
//! ```text
//! python3 engines/candle/examples/classify/make.py target/classify
//! cargo run --release -p shapewise-candle --example classify -- \
//!     target/classify/colours.safetensors target/classify/apple.png
//! ```

use std::error::Error;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use candle_core::{D, DType, Device, Module, Tensor};
use shapewise::Network;
use shapewise_candle::Model;

mod pillow;

use pillow::Pixels;

/// torchvision's ResNet-18, for a thousand classes.
type ResNet18 = shapewise_zoo::resnet::ResNet18;

/// The names of ImageNet's 1000 classes, a line each. Source: torchvision.
const CLASSES: &str = include_str!("imagenet.txt");
/// How many classes are shown.
const SHOWN: usize = 5;
/// How wide the longest bar is.
const BAR: usize = 24;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let [checkpoint, image] = arguments.as_slice() else {
        eprintln!("usage: classify CHECKPOINT IMAGE");
        return ExitCode::FAILURE;
    };
    match classify(Path::new(checkpoint), Path::new(image)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn classify(checkpoint: &Path, image: &Path) -> Result<(), Box<dyn Error>> {
    let device = Device::Cpu;
    let begin = Instant::now();
    let model = Model::<ResNet18>::load(checkpoint, DType::F32, &device)?.eval();
    println!(
        "{}: {} parameters of {}, read in {:.2} s",
        name(checkpoint),
        grouped(ResNet18::PARAMS),
        ResNet18::GRAPH.name(),
        begin.elapsed().as_secs_f64()
    );

    let read = image::open(image).map_err(|error| format!("{}: {error}", name(image)))?;
    let read = read.into_rgb8();
    let (width, height) = (read.width() as usize, read.height() as usize);
    let pixels = Pixels {
        width,
        height,
        bytes: read.into_raw(),
    };
    let pixels = pixels.shorter(256).middle(224).normalised();
    let batch = Tensor::from_vec(pixels, (1, 3, 224, 224), &device)?;

    let begin = Instant::now();
    let logits = model.forward(&batch)?;
    let seconds = begin.elapsed().as_secs_f64();
    println!(
        "{}: {width}x{height}, seen as 224x224 in {:.0} ms\n",
        name(image),
        seconds * 1e3
    );

    let shares = candle_nn::ops::softmax(&logits, D::Minus1)?;
    let shares: Vec<f32> = shares.flatten_all()?.to_vec1()?;
    let mut best: Vec<(usize, f32)> = shares.into_iter().enumerate().collect();
    best.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    best.truncate(SHOWN);
    let classes: Vec<&str> = CLASSES.lines().collect();
    let class = |place: usize| classes.get(place).copied().unwrap_or("");
    let widest = best.iter().map(|(place, _)| class(*place).chars().count());
    let widest = widest.max().unwrap_or(0);
    for (place, share) in best {
        let class = class(place);
        println!("{:6.1}%  {class:<widest$}  {}", share * 100.0, bar(share));
    }
    Ok(())
}

/// A bar as long as a share of the whole, to an eighth of a letter.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a share is between 0 and 1"
)]
fn bar(share: f32) -> String {
    let eighths = (share * (BAR * 8) as f32).round() as usize;
    let mut bar = "█".repeat(eighths / 8);
    bar.extend(
        ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
            .get(eighths % 8)
            .copied(),
    );
    bar
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// A number with commas between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
