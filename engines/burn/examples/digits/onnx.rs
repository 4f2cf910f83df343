//! What onnxruntime makes of the exported model, where Python has it.

use std::error::Error;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::data::Digit;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/digits/predict.py");

/// The logits that onnxruntime computes, ten for each digit; `None` where there is no
/// Python that has it. `PYTHON` names another interpreter than `python3`.
pub(crate) fn logits(model: &Path, digits: &[Digit]) -> Result<Option<Vec<f32>>, Box<dyn Error>> {
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let there = Command::new(&python)
        .args(["-c", "import numpy, onnxruntime"])
        .stderr(Stdio::null())
        .status();
    if !there.is_ok_and(|status| status.success()) {
        return Ok(None);
    }
    let mut child = Command::new(&python)
        .arg(SCRIPT)
        .arg(model)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut lines = String::new();
    for digit in digits {
        let pixels: Vec<String> = digit.pixels.iter().map(f32::to_string).collect();
        lines += &pixels.join(",");
        lines.push('\n');
    }
    let mut input = child.stdin.take().ok_or("no input of the script")?;
    input.write_all(lines.as_bytes())?;
    drop(input);
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err("onnxruntime does not run the model".into());
    }
    let text = String::from_utf8(output.stdout)?;
    let logits: Result<Vec<f32>, _> = text
        .split([',', '\n'])
        .map(str::trim)
        .filter(|number| !number.is_empty())
        .map(str::parse)
        .collect();
    Ok(Some(logits?))
}
