//! Networks with numbers that only rustc knows: their figures as expressions.

use std::fmt::Write as _;

use shapewise_compiler::Row;

use crate::json;
use crate::network::Network;
use crate::terminal::Terminal;

const TITLES: [&str; 6] = ["Layer", "Units", "Output", "Weights", "Biases", "MACs"];

/// The values of const generics that a table is of: `CLASSES = 2`.
pub(crate) fn defaults(network: &Network) -> Option<String> {
    let resolved = network.resolved.as_ref()?;
    let symbols = resolved.symbols.as_ref()?;
    (symbols.known && !symbols.atoms.is_empty())
        .then(|| shapewise_compiler::defaults(resolved))
        .flatten()
}

/// The table of such a network.
pub(crate) fn table(network: &Network, markdown: bool, terminal: &Terminal) -> String {
    let Some(resolved) = &network.resolved else {
        return String::new();
    };
    let rows = shapewise_compiler::table(resolved);
    let total = rows.last().cloned().unwrap_or_default();
    let cells: Vec<[String; 6]> = rows.iter().map(|row| row_cells(row, markdown)).collect();
    let mut text = if markdown {
        format!("### {}\n\n{}", network.name, in_markdown(&cells))
    } else {
        let paint = terminal.out();
        let heading = paint.bold(&network.name);
        format!("{heading}\n{}", in_columns(&cells, terminal))
    };
    let params = if markdown {
        total.params
    } else {
        total.params.replace('`', "")
    };
    let _ = write!(
        text,
        "\nParameters: {params}. What stands there as an expression only rustc knows; `--build` \
         lets it say.\n"
    );
    text
}

fn row_cells(row: &Row, markdown: bool) -> [String; 6] {
    let label = format!("{}{}", "  ".repeat(row.depth), row.label);
    let cells = [
        label,
        row.units.clone(),
        row.output.clone(),
        row.weights.clone(),
        row.biases.clone(),
        row.macs.clone(),
    ];
    if markdown {
        return cells.map(|cell| cell.replace('|', "\\|"));
    }
    cells.map(|cell| cell.replace('`', ""))
}

fn in_markdown(rows: &[[String; 6]]) -> String {
    let mut text = format!("| {} |\n|:--|:--|:--|--:|--:|--:|\n", TITLES.join(" | "));
    for row in rows {
        let _ = writeln!(text, "| {} |", row.join(" | "));
    }
    text
}

/// Columns of which the widest are cut where the terminal is narrow.
fn in_columns(rows: &[[String; 6]], terminal: &Terminal) -> String {
    const GAP: usize = 2;
    const LEAST: usize = 8;
    let mut widths = [0; 6];
    for (column, width) in widths.iter_mut().enumerate() {
        let cells = rows.iter().map(|row| row[column].chars().count());
        *width = cells.chain([TITLES[column].len()]).max().unwrap_or(0);
    }
    let most = terminal.width();
    while widths.iter().sum::<usize>() + GAP * (widths.len() - 1) > most {
        let widest = widths.iter_mut().max_by_key(|width| **width);
        match widest {
            Some(width) if *width > LEAST => *width -= 1,
            _ => break,
        }
    }
    let paint = terminal.out();
    let mut text = format!(
        "{}\n",
        paint.dim(&line(&TITLES.map(str::to_owned), &widths))
    );
    for row in rows {
        let _ = writeln!(text, "{}", line(row, &widths));
    }
    text
}

fn line(cells: &[String; 6], widths: &[usize; 6]) -> String {
    let mut line = String::new();
    for (column, (cell, &width)) in cells.iter().zip(widths).enumerate() {
        let mut cell = cell.clone();
        if cell.chars().count() > width {
            cell = cell.chars().take(width.saturating_sub(2)).collect();
            cell.push_str("..");
        }
        let gap = if column == 0 { "" } else { "  " };
        let _ = match column {
            0..=2 => write!(line, "{gap}{cell:width$}"),
            _ => write!(line, "{gap}{cell:>width$}"),
        };
    }
    line.trim_end().to_owned()
}

/// The rows as JSON.
pub(crate) fn json(network: &Network) -> String {
    let Some(resolved) = &network.resolved else {
        return "[]".to_owned();
    };
    let rows = shapewise_compiler::table(resolved);
    let objects: Vec<String> = rows
        .iter()
        .map(|row| {
            let mut object = json::Object::default();
            object.text("layer", &row.label);
            object.text("units", &row.units);
            object.text("output", &row.output);
            object.text("weights", &row.weights);
            object.text("biases", &row.biases);
            object.text("params", &row.params);
            object.text("macs", &row.macs);
            object.finish()
        })
        .collect();
    json::list(&objects)
}
