//! The rows of a network's table, in which figures that only rustc knows are expressions.

use shapewise_core::Counts;
use syn::ext::IdentExt as _;

use super::amount::amount;
use crate::graph::Resolved;

/// A row of a network's table: an input, a statement of its own body or one with a
/// constant, or the total at the end.
///
/// Figures are numbers with separators, or expressions of what the user wrote, in
/// backticks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The label, the name of the input, or `Total`.
    pub label: String,
    /// Its constant, where it has one: `CONV1`, `INPUT`.
    pub constant: Option<String>,
    /// How many statements it is inside of.
    pub depth: usize,
    /// The layers as they are written; `input` for an input.
    pub units: String,
    /// The shape that leaves it.
    pub output: String,
    /// Parameters that are weights; nothing for an input.
    pub weights: String,
    /// Parameters that are biases.
    pub biases: String,
    /// All parameters.
    pub params: String,
    /// Multiply-accumulates of one sample.
    pub macs: String,
}

/// The rows of a network's table: its inputs, its statements, the total.
pub fn table(graph: &Resolved) -> Vec<Row> {
    let link = if graph.inputs.len() == 1 {
        "INPUT"
    } else {
        "INPUTS"
    };
    let inputs = graph.inputs.iter().zip(&graph.values);
    let mut rows: Vec<Row> = inputs
        .map(|(name, value)| Row {
            label: name.clone(),
            constant: Some(link.to_owned()),
            units: "input".to_owned(),
            output: value.display.clone(),
            ..Row::default()
        })
        .collect();
    let statements = graph.statements.iter();
    let shown = statements.filter(|row| row.depth == 0 || row.constant.is_some());
    rows.extend(shown.map(|row| {
        let label = row.label.as_ref().map(|label| label.unraw().to_string());
        Row {
            label: label.unwrap_or_default(),
            constant: row.constant.clone(),
            depth: row.depth,
            units: row.text.clone(),
            output: graph.values[row.output].display.clone(),
            ..figures(graph, row.nodes)
        }
    }));
    let output = match graph.outputs.as_slice() {
        [(_, value)] => graph.values[*value].display.clone(),
        _ => String::new(),
    };
    rows.push(Row {
        label: "Total".to_owned(),
        output,
        ..figures(graph, (0, graph.nodes.len()))
    });
    rows
}

/// A row with what a range of nodes costs, and nothing else.
fn figures(graph: &Resolved, nodes: (usize, usize)) -> Row {
    let cell = |part: fn(&Counts) -> u64| amount(graph, nodes, &part).cell();
    Row {
        weights: cell(|counts| counts.weights),
        biases: cell(|counts| counts.biases),
        params: cell(Counts::params),
        macs: cell(|counts| counts.macs),
        ..Row::default()
    }
}

/// The values of symbols that a network's figures are for, where all of them have
/// defaults: `` with `CLASSES = 2` ``.
pub fn defaults(graph: &Resolved) -> Option<String> {
    let symbols = graph.symbols.as_ref().filter(|symbols| symbols.known)?;
    let text = super::amount::defaults(symbols);
    (!text.is_empty()).then_some(text)
}
