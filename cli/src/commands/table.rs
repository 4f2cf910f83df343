//! `cargo shapewise table`

use std::fs;
use std::path::Path;

use shapewise_core::Graph;
use shapewise_core::report::Summary;

use crate::args::Table;
use crate::commands;
use crate::failure::{Failure, Result};
use crate::json;
use crate::network::{self, Network, Networks};
use crate::symbolic;
use crate::terminal::Terminal;

/// The table of each network.
pub(crate) fn run(asked: &Table, terminal: &Terminal) -> Result<()> {
    if asked.build {
        return commands::build::run(asked, terminal);
    }
    let networks = network::load(&asked.place, &asked.names)?;
    let told = commands::tell(&networks, terminal);
    if networks.list.is_empty() {
        return told.and_then(|()| Err(networks.none()));
    }
    let form = &asked.form;
    if let Some(file) = &form.svg {
        svg(&networks, file)?;
        return told;
    }
    let whole: Vec<&Network> = networks
        .list
        .iter()
        .filter(|network| network.resolved.is_some())
        .collect();
    let text = if form.json {
        let objects: Vec<String> = whole.iter().map(|one| object(one, asked)).collect();
        json::lines(&objects)
    } else if form.csv {
        let network = networks.only("`--csv`")?;
        match network.graph {
            Some(graph) => summary(graph, asked).csv().to_string(),
            None => return told.and(Err(needs_rustc(network))),
        }
    } else {
        let tables: Vec<String> = whole
            .iter()
            .map(|network| text(network, asked, terminal))
            .collect();
        tables.join("\n")
    };
    terminal.show(&text)?;
    commands::tell_of_others(&networks, terminal);
    told
}

fn summary(graph: &'static Graph, asked: &Table) -> Summary {
    let summary = Summary::new(graph).depth(asked.depth).batch(asked.batch);
    if asked.layers {
        summary.layers()
    } else {
        summary
    }
}

/// A table for people.
fn text(network: &Network, asked: &Table, terminal: &Terminal) -> String {
    let Some(graph) = network.graph else {
        return symbolic::table(network, asked.form.markdown, terminal);
    };
    let summary = summary(graph, asked);
    let mut text = match &asked.form {
        form if form.markdown => format!("### {}\n\n{}", network.name, summary.markdown()),
        form if form.latex => summary.latex().to_string(),
        _ => summary
            .width(terminal.width())
            .colours(terminal.out().is_on())
            .to_string(),
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    if let (Some(note), false) = (symbolic::defaults(network), asked.form.latex) {
        text.push_str(&format!("\nIts figures are those {note}, the defaults.\n"));
    }
    text
}

/// The network as JSON: where it stands, and its report.
fn object(network: &Network, asked: &Table) -> String {
    let mut object = json::Object::default();
    object.text("network", &network.path());
    object.text("place", &network.place());
    match network.graph {
        Some(graph) => object.value("report", summary(graph, asked).json()),
        None => object.value("rows", symbolic::json(network)),
    }
    object.finish()
}

fn svg(networks: &Networks, file: &Path) -> Result<()> {
    let network = networks.only("`--svg`")?;
    let graph = network.graph.ok_or_else(|| needs_rustc(network))?;
    let drawing = Summary::new(graph).svg().to_string();
    fs::write(file, drawing)
        .map_err(|error| Failure::new(format!("cannot write `{}`: {error}", file.display())))
}

/// That only rustc knows what is asked for.
pub(crate) fn needs_rustc(network: &Network) -> Failure {
    if network.resolved.is_none() && !network.elsewhere {
        return Failure::told();
    }
    let failure = Failure::new(format!(
        "`{}` ({}) depends on what only rustc knows",
        network.path(),
        network.place()
    ));
    if let Some(missing) = network.missing.first() {
        return failure.help(format!("{missing}; `table --build` lets rustc evaluate it"));
    }
    failure.help("give its const generics defaults, or let rustc evaluate it: `--build`")
}
