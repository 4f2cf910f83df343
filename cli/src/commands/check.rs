//! `cargo shapewise check`

use shapewise_safetensors::Checker;

use crate::args::Check;
use crate::commands;
use crate::commands::table::needs_rustc;
use crate::failure::{Failure, Result};
use crate::network;
use crate::terminal::Terminal;

/// Compares a checkpoint with a network.
pub(crate) fn run(asked: &Check, terminal: &Terminal) -> Result<()> {
    let names: Vec<String> = asked.network.iter().cloned().collect();
    let networks = network::load(&asked.place, &names)?;
    commands::tell(&networks, terminal)?;
    let network = networks.only("`check`")?;
    let graph = network.graph.ok_or_else(|| needs_rustc(network))?;
    let checker = Checker::new(graph).reading((&asked.reading).into());
    let report = checker
        .file(&asked.checkpoint)
        .map_err(|error| Failure::new(error.to_string()))?;
    let text = if asked.full {
        format!("{report:#}")
    } else {
        report.to_string()
    };
    terminal.show(&format!("{}\n", text.trim_end()))?;
    if report.is_ok() {
        Ok(())
    } else {
        Err(Failure::told())
    }
}
