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

use shapewise::network;
use shapewise_safetensors::{Checker, Error, check_file};

network! {
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

    /// A residual network that fits a test.
    pub struct Small(image: 32x32x3) -> (logits: 10) {
        conv1: conv(8, 3x3, padding = half, bias = false);
        bn1: batch_norm, relu;
        layer1: repeat 1 { BasicBlock(8); }
        layer2: repeat 1 { BasicBlock(12, stride = 2); }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(10);
    }

    /// ResNet-18 as torchvision has it.
    pub struct ResNet18(image: 224x224x3) -> (logits: 1000) {
        conv1: conv(64, 7x7, stride = 2, padding = half, bias = false);
        bn1: batch_norm, relu;
        maxpool: max_pool(3x3, stride = 2, padding = 1);
        layer1: { BasicBlock(64); BasicBlock(64); }
        layer2: { BasicBlock(128, stride = 2); BasicBlock(128); }
        layer3: { BasicBlock(256, stride = 2); BasicBlock(256); }
        layer4: { BasicBlock(512, stride = 2); BasicBlock(512); }
        avgpool: adaptive_avg_pool(1x1), flatten;
        fc: linear(1000);

        assert params == 11_689_512;
    }
}

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
