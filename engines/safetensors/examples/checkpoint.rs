//! A network under torchvision's names, and a checkpoint that Python wrote.
//!
//! Without arguments it checks the small checkpoints in `tests/data`; with a path,
//! that file against ResNet-18:
//!
//! ```text
//! cargo run -p shapewise-safetensors --example checkpoint -- resnet18.safetensors
//! ```

use std::path::Path;
use std::process::ExitCode;

use shapewise_safetensors::{Checker, Error, check_file};
use small::Small;

/// torchvision's ResNet-18, for a thousand classes.
type ResNet18 = shapewise_zoo::resnet::ResNet18;

fn main() -> Result<ExitCode, Error> {
    if let Some(path) = std::env::args_os().nth(1) {
        let report = check_file::<ResNet18>(path)?;
        print!("{report}");
        return Ok(ExitCode::from(u8::from(!report.is_ok())));
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data");
    for name in ["small", "small_wrapped", "small_half", "small_finetuned"] {
        let report = check_file::<Small>(folder.join(name).with_extension("safetensors"))?;
        println!("{name}.safetensors\n\n{report}\n");
    }
    let half = folder.join("small_half.safetensors");
    let report = Checker::of::<Small>().any_float(true).file(half)?;
    println!("small_half.safetensors, any float allowed\n\n{report}");
    Ok(ExitCode::SUCCESS)
}
