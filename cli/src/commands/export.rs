//! `cargo shapewise export`

use std::fs;

use shapewise_core::report::Bytes;
use shapewise_onnx::{Batch, Options, Weights, write_graph_telling};

use crate::args::Export;
use crate::commands;
use crate::commands::table::needs_rustc;
use crate::failure::{Failure, Result};
use crate::network;
use crate::progress::Progress;
use crate::terminal::Terminal;

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
    let mut options = Options::default()
        .weights(weights)
        .reading((&asked.reading).into());
    if let Some(samples) = asked.batch {
        options = options.batch(Batch::Fixed(samples));
    }
    let shown = asked.onnx.display();
    let mut progress = Progress::new(format!("writing {shown}"), terminal);
    let tell = &mut |done, total| progress.at(done, total);
    let written = write_graph_telling(graph, &asked.onnx, &options, tell);
    drop(progress);
    written.map_err(|error| Failure::new(error.to_string()))?;
    let size = fs::metadata(&asked.onnx).map_or(0, |data| data.len());
    terminal.show(&format!(
        "wrote {shown}: {}, {}\n",
        network.path(),
        Bytes(size)
    ))
}
