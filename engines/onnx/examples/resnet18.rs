//! From a definition to a running model: a checkpoint is compared with the
//! definition, exported with it, and opened in onnxruntime.
//!
//! ```text
//! engines/safetensors/tests/setup.sh
//! PYTHON=$(engines/onnx/tests/setup.sh) cargo run -p shapewise-onnx --example resnet18 -- \
//!     target/safetensors/checkpoints/resnet18.safetensors
//! ```
//!
//! The first script writes a checkpoint under torchvision's names with Python's
//! `safetensors`; the second prints a Python that has onnxruntime. Without
//! `PYTHON` the model is written and not opened.

use std::error::Error;
use std::path::Path;
use std::process::{Command, ExitCode};

use shapewise_onnx::{Options, Weights, write};
use shapewise_safetensors::check_file;

shapewise::network! {
    /// Two convolutions of 3x3, added to what came in.
    block BasicBlock(channels, stride = 1) {
        residual {
            conv1: conv(channels, 3x3, stride = stride, padding = half, bias = false);
            bn1: batch_norm, relu;
            conv2: conv(channels, 3x3, padding = half, bias = false);
            bn2: batch_norm;
        } shortcut if stride != 1 || input.channels != channels {
            downsample: { conv(channels, 1x1, stride = stride, bias = false), batch_norm; }
        }
        relu;
    }

    /// ResNet-18 as torchvision has it.
    pub struct ResNet18(image: 224x224x3) -> (logits: 1000) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false) => 112x112x64;
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1) => 56x56x64;
        layer1: { BasicBlock(64); BasicBlock(64); } => 56x56x64;
        layer2: { BasicBlock(128, stride = 2); BasicBlock(128); } => 28x28x128;
        layer3: { BasicBlock(256, stride = 2); BasicBlock(256); } => 14x14x256;
        layer4: { BasicBlock(512, stride = 2); BasicBlock(512); } => 7x7x512;
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(1000);

        assert params == 11_689_512;
    }
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let Some(checkpoint) = std::env::args_os().nth(1) else {
        eprintln!("usage: resnet18 CHECKPOINT.safetensors");
        return Ok(ExitCode::FAILURE);
    };
    let checkpoint = Path::new(&checkpoint);
    let report = check_file::<ResNet18>(checkpoint)?;
    print!("{report}");
    if !report.is_ok() {
        return Ok(ExitCode::FAILURE);
    }

    let model = checkpoint.with_extension("onnx");
    let weights = Weights::Embedded(checkpoint.to_owned());
    write::<ResNet18>(&model, &Options::default().weights(weights))?;
    println!("wrote {}", model.display());

    let Some(python) = std::env::var_os("PYTHON") else {
        return Ok(ExitCode::SUCCESS);
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/open.py");
    let opened = Command::new(python).arg(script).arg(&model).status()?;
    Ok(ExitCode::from(u8::from(!opened.success())))
}
