//! `cargo shapewise import`

use std::process::Command;

use crate::args::Import;
use crate::exit;
use crate::failure::{Failure, Result};

/// Calls the Python package, which writes a PyTorch model as a network.
pub(crate) fn run(asked: &Import) -> Result<()> {
    let said = std::env::var_os("PYTHON").map(|python| python.to_string_lossy().into_owned());
    let candidates = match &said {
        Some(python) => vec![python.as_str()],
        None => vec!["python3", "python"],
    };
    let mut found = None;
    for python in &candidates {
        let there = Command::new(python)
            .args(["-c", "import shapewise, torch"])
            .output();
        match there {
            Ok(output) if output.status.success() => {
                let status = Command::new(python)
                    .args(["-m", "shapewise"])
                    .args(&asked.words)
                    .status()
                    .map_err(|error| Failure::new(format!("cannot run {python}: {error}")))?;
                let code = status.code().and_then(|code| u8::try_from(code).ok());
                return match code {
                    Some(exit::FINE) => Ok(()),
                    code => {
                        let mut failure = Failure::told();
                        failure.status = code.unwrap_or(exit::CANNOT);
                        Err(failure)
                    }
                };
            }
            Ok(output) => {
                let told = String::from_utf8_lossy(&output.stderr).into_owned();
                found.get_or_insert((*python, told));
            }
            Err(_) => {}
        }
    }
    let failure = match found {
        None => Failure::new(format!("there is no Python: `{}`", candidates.join("`, `"))),
        Some((python, told)) => {
            let line = told.lines().last().unwrap_or_default();
            Failure::new(format!("{python} does not have the package: {line}"))
        }
    };
    Err(failure
        .help("`pip install torch`, then `pip install ./python` in a clone of shapewise")
        .help("`PYTHON` names another Python, such as that of a virtual environment"))
}
