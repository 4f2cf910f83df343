//! `cargo shapewise draw`

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use shapewise_core::report::Summary;

use crate::args::Draw;
use crate::commands;
use crate::commands::table::needs_rustc;
use crate::failure::{Failure, Result};
use crate::network;
use crate::terminal::Terminal;

/// Writes the drawing of a network, or opens it.
pub(crate) fn run(asked: &Draw, terminal: &Terminal) -> Result<()> {
    let names: Vec<String> = asked.name.iter().cloned().collect();
    let networks = network::load(&asked.place, &names)?;
    commands::tell(&networks, terminal)?;
    let network = networks.only("`draw`")?;
    let graph = network.graph.ok_or_else(|| needs_rustc(network))?;
    let summary = Summary::new(graph);
    let drawing = match asked.memory {
        true => summary.memory_svg().to_string(),
        false => summary.svg().to_string(),
    };
    let is_opened = asked.output.is_none();
    let path = match &asked.output {
        Some(path) => path.clone(),
        None => std::env::temp_dir().join(format!("shapewise-{}.svg", network.name)),
    };
    fs::write(&path, drawing)
        .map_err(|error| Failure::new(format!("cannot write `{}`: {error}", path.display())))?;
    if is_opened {
        open(&path)?;
    }
    terminal.show(&format!("wrote {}\n", path.display()))
}

/// Opens a file in what the system shows drawings with.
fn open(path: &Path) -> Result<()> {
    let (program, words): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let status = Command::new(program)
        .args(words)
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => Err(
            Failure::new(format!("`{program}` does not open {}", path.display()))
                .help("`--output FILE` writes the drawing where you like"),
        ),
    }
}
