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

/// torchvision's ResNet-18, for a thousand classes.
type ResNet18 = shapewise_zoo::resnet::ResNet18;

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
