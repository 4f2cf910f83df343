//! The table as the founding article lays it out: the report's own rows, with
//! names and shapes written in its way.
//!
//! The article is "Number of Parameters and Tensor Sizes in a Convolutional
//! Neural Network (CNN)", LearnOpenCV.

use std::fmt::{self, Write};

use shapewise::report::{Column, Row, RowKind, Summary};
use shapewise::{Network, Shape};

/// The table of a network in the article's form.
pub(crate) fn table<N: Network>() -> Summary {
    N::summary()
        .columns(&[
            Column::Layer,
            Column::Output,
            Column::Weights,
            Column::Biases,
            Column::Params,
        ])
        .titles(&["Layer", "Tensor size", "Weights", "Biases", "Parameters"])
        .totals(&[Column::Params])
        .names(name)
        .shapes(shape)
        .zero("0")
        .output_row(true)
        .heading(false)
        .footer(false)
}

/// `Conv-1`: what the row's main layer is, and the number in its label.
fn name(row: &Row, out: &mut dyn Write) -> fmt::Result {
    match row.kind {
        RowKind::Input => return out.write_str("Input Image"),
        RowKind::Output => return out.write_str("Output"),
        RowKind::Total => return out.write_str("Total"),
        _ => {}
    }
    let weighted = row.nodes.iter().find(|node| node.entry().weighted);
    let main = weighted.or(row.nodes.first());
    let kind = match main.map(|node| node.entry().name) {
        Some("conv") => "Conv",
        Some("max_pool") => "MaxPool",
        Some("avg_pool") => "AvgPool",
        Some("linear") => "FC",
        _ => return out.write_str(row.label),
    };
    let number = row.label.trim_start_matches(|c: char| !c.is_ascii_digit());
    write!(out, "{kind}-{number}")
}

/// `4096x1`: the article writes a vector as a column.
fn shape(shape: &Shape, out: &mut dyn Write) -> fmt::Result {
    match shape.rank() {
        1 => write!(out, "{shape}x1"),
        _ => write!(out, "{shape}"),
    }
}

/// The cells of a table, a list per row, the titles first.
pub(crate) fn cells(table: &Summary) -> Vec<Vec<String>> {
    let markdown = table.markdown().to_string();
    let rows = markdown.lines().filter(|line| !line.starts_with("| ---"));
    rows.map(|row| {
        let row = row.trim_start_matches('|').trim_end_matches('|');
        row.split('|').map(|cell| cell.trim().to_owned()).collect()
    })
    .collect()
}

/// Prints a table after comparing each of its cells with what is expected.
pub(crate) fn print<N: Network, const ROWS: usize>(expected: [[&str; 5]; ROWS]) {
    let table = table::<N>();
    assert_eq!(cells(&table), expected);
    println!("{}", table.markdown());
}
