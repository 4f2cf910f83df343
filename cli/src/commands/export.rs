//! `cargo shapewise export`

use std::fs;
use std::io::{self, IsTerminal as _};

use shapewise_core::report::Bytes;
use shapewise_onnx::{Batch, Options, Weights, write_graph};

use crate::args::Export;
use crate::commands;
use crate::commands::table::needs_rustc;
use crate::failure::{Failure, Result};
use crate::network;
use crate::terminal::Terminal;

/// From how many bytes on it is told that something is being written.
const LARGE: u64 = 64 << 20;

/// Writes a network as an ONNX model.
pub(crate) fn run(asked: &Export, terminal: &Terminal) -> Result<()> {
    let names: Vec<String> = asked.name.iter().cloned().collect();
    let networks = network::load(&asked.place, &names)?;
    commands::tell(&networks, terminal)?;
    let network = networks.only("`export`")?;
    let graph = network.graph.ok_or_else(|| needs_rustc(network))?;
    let weights = match &asked.weights {
        Some(file) if asked.external => Weights::External(file.clone()),
        Some(file) => Weights::Embedded(file.clone()),
        None if asked.zeros => Weights::Zeros,
        None => Weights::Inputs,
    };
    let embedded = matches!(weights, Weights::Embedded(_) | Weights::Zeros);
    let mut options = Options::default().weights(weights);
    if let Some(samples) = asked.batch {
        options = options.batch(Batch::Fixed(samples));
    }
    let shown = asked.onnx.display();
    let size = graph.param_bytes();
    if embedded && size >= LARGE && io::stderr().is_terminal() {
        terminal.tell(&format!("writing {shown}, {}\n", Bytes(size)));
    }
    write_graph(graph, &asked.onnx, &options).map_err(|error| Failure::new(error.to_string()))?;
    let size = fs::metadata(&asked.onnx).map_or(0, |data| data.len());
    terminal.show(&format!(
        "wrote {shown}: {}, {}\n",
        network.path(),
        Bytes(size)
    ))
}
