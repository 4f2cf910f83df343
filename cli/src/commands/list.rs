//! `cargo shapewise list`

use std::fmt::Write as _;

use shapewise_core::report::{Grouped, Si};

use crate::args::List;
use crate::commands;
use crate::failure::Result;
use crate::json;
use crate::network::{self, Network};
use crate::terminal::{Paint, Terminal};

/// The list of the networks.
pub(crate) fn run(asked: &List, terminal: &Terminal) -> Result<()> {
    let networks = network::load(&asked.place, &asked.names)?;
    let told = commands::tell(&networks, terminal);
    if networks.list.is_empty() && told.is_ok() && !asked.json {
        return Err(networks.none());
    }
    if networks.list.is_empty() && !asked.json {
        return told;
    }
    let text = if asked.json {
        json(&networks.list)
    } else {
        table(&networks.list, terminal.out())
    };
    terminal.show(&text)?;
    commands::tell_of_others(&networks, terminal);
    told
}

/// The cells of a network's line: name, input, output, parameters, MACs, place.
fn cells(network: &Network) -> [String; 6] {
    let (mut input, mut output) = (String::new(), String::new());
    let (mut params, mut macs) = (String::from("has errors"), String::new());
    if network.elsewhere {
        params = "needs rustc".to_owned();
    }
    if let Some(graph) = network.graph {
        let bound = if graph.exact() { "" } else { ">= " };
        let counts = graph.counts();
        input = joined((0..graph.inputs().len()).map(|i| graph.input(i).to_string()));
        output = joined((0..graph.outputs().len()).map(|i| graph.output(i).to_string()));
        params = format!("{bound}{}", Grouped(counts.params()));
        macs = format!("{bound}{}", Si(counts.macs));
    } else if let Some(resolved) = &network.resolved {
        let display = |value: usize| Some(resolved.values.get(value)?.display.clone());
        input = joined((0..resolved.inputs.len()).filter_map(display));
        let outputs = resolved.outputs.iter();
        output = joined(outputs.filter_map(|(_, value)| display(*value)));
        let total = shapewise_compiler::table(resolved)
            .pop()
            .unwrap_or_default();
        params = plain(&total.params);
        macs = plain(&total.macs);
    }
    [network.path(), input, output, params, macs, network.place()]
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join(", ")
}

/// An expression as it is written, or a word for one that is long.
fn plain(text: &str) -> String {
    const MOST: usize = 24;
    let text = text.replace('`', "");
    if text.chars().count() > MOST {
        "depends".to_owned()
    } else {
        text
    }
}

fn table(networks: &[Network], paint: Paint) -> String {
    let titles = ["Network", "Input", "Output", "Parameters", "MACs", "Where"];
    let rows: Vec<[String; 6]> = networks.iter().map(cells).collect();
    let widths: Vec<usize> = (0..titles.len())
        .map(|column| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.chain([titles[column].len()]).max().unwrap_or(0)
        })
        .collect();
    let line = |cells: [&str; 6]| {
        let mut line = String::new();
        for (column, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            // Numbers stand on the right.
            let _ = match column {
                3 | 4 => write!(line, "{gap}{cell:>width$}"),
                _ => write!(line, "{gap}{cell:width$}"),
            };
        }
        line.trim_end().to_owned()
    };
    let mut text = format!("{}\n", paint.bold(&line(titles)));
    for row in &rows {
        let _ = writeln!(text, "{}", line(row.each_ref().map(String::as_str)));
    }
    text
}

fn json(networks: &[Network]) -> String {
    let objects: Vec<String> = networks.iter().map(object).collect();
    json::lines(&objects)
}

fn object(network: &Network) -> String {
    let mut object = json::Object::default();
    object.text("network", &network.path());
    if let Some((package, target)) = &network.target {
        object.text("package", &package.name);
        object.text("target", &target.name);
    }
    object.text("place", &network.place());
    object.value("errors", network.resolved.is_none() && !network.elsewhere);
    if let Some(graph) = network.graph {
        let counts = graph.counts();
        object.value("params", counts.params());
        object.value("macs", counts.macs);
        object.value("exact", graph.exact());
        let shapes = |shapes: &mut dyn Iterator<Item = String>| {
            json::list(&shapes.map(|shape| json::quoted(&shape)).collect::<Vec<_>>())
        };
        let inputs = 0..graph.inputs().len();
        object.value(
            "inputs",
            shapes(&mut inputs.map(|i| graph.input(i).to_string())),
        );
        let outputs = 0..graph.outputs().len();
        object.value(
            "outputs",
            shapes(&mut outputs.map(|i| graph.output(i).to_string())),
        );
    }
    object.finish()
}
