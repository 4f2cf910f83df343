//! The documentation that people read: the struct's page and each constant's.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;
use shapewise_core::Counts;
use shapewise_core::figure::{Amount, Figure};
use shapewise_core::report::svg::{Plan, Stack};
use shapewise_core::report::{Grouped, Si};

use super::amount::{self, Known, activations, sentence};
use super::arithmetic::{self, Told};
use super::drawing::Drawn;
use super::rows;
use crate::check::analysis::Analysis;
use crate::check::figure;
use crate::graph::{Node, Resolved, Statement};
use crate::syntax::tree::Network;

/// A count with separators.
pub(super) fn grouped(count: u64) -> String {
    Grouped(count).to_string()
}

/// The documentation of the struct: the blurb, the author's words, and the call
/// for the page.
pub(super) fn of_network(network: &Network, graph: &Resolved, page: &TokenStream) -> TokenStream {
    let totals = graph.totals();
    let all = (0, graph.nodes.len());
    let blurb = match &graph.symbols {
        Some(symbols) if graph.symbolic_totals() && symbols.known => format!(
            "{}: {} parameters, {} multiply-accumulates {}.",
            graph.name,
            grouped(totals.params()),
            Si(totals.macs),
            amount::defaults(symbols),
        ),
        Some(_) if graph.symbolic_totals() => {
            let params = sentence(graph, all, &Counts::params);
            let macs = sentence(graph, all, &|counts| counts.macs);
            let both = match params == macs {
                true => macs.of("parameters and multiply-accumulates"),
                false => {
                    let (params, macs) = (params.of("parameters"), macs.of("multiply-accumulates"));
                    format!("{params}, {macs}")
                }
            };
            format!("{}: {both}.", graph.name)
        }
        _ => format!(
            "{}: {} parameters, {} multiply-accumulates.",
            graph.name,
            grouped(totals.params()),
            Si(totals.macs)
        ),
    };
    let own = network.attributes.docs();
    quote! {
        #[doc = #blurb]
        #[doc = ""]
        #(#own)*
        #[doc = ""]
        #[cfg_attr(doc, doc = #page)]
    }
}

/// What only rustdoc shows: the architecture, the table, the conventions, the
/// memory.
pub(super) fn page(graph: &Resolved, analysis: &Analysis) -> String {
    let drawn = Drawn::of(graph, analysis);
    // Raw HTML ends at a blank line.
    format!(
        "{}\n\n{}\n\n{}\n\n{}{}",
        drawn.architecture(),
        table(graph),
        memory(&drawn),
        drawn.timeline(),
        plans(graph),
    )
}

/// What the plans take that the network's budgets are about.
fn plans(graph: &Resolved) -> String {
    if graph.plans.is_empty() {
        return String::new();
    }
    let plans = graph.plans.iter().map(|planned| Plan {
        text: &planned.text,
        need: planned.need,
        bound: Some(planned.bound),
    });
    let plans: Vec<Plan<'_>> = plans.collect();
    let drawing = Stack {
        plans: &plans,
        // The architecture's style holds for the page.
        styled: false,
    };
    format!(
        "\n\nWhat plans take on a device, without what a framework holds for itself; the line is the \
         bound:\n\n<div>{drawing}</div>"
    )
}

/// The table of the statements in the network's own body.
fn table(graph: &Resolved) -> String {
    let mut text = String::from(
        "| Layer | Units | Output | Weights | Biases | Parameters | MACs |\n|:--|:--|:--|--:|--:|--:|--:|\n",
    );
    let mut rows = rows::table(graph);
    let total = rows.pop().unwrap_or_default();
    for row in rows {
        // A cell is broken at other spaces.
        let indent = "&nbsp;".repeat(row.depth * 4);
        let name = match &row.constant {
            Some(constant) => format!("{indent}[{}](Self::{constant})", row.label),
            None => format!("{indent}{}", row.label),
        };
        if row.units == "input" && row.weights.is_empty() {
            let _ = writeln!(text, "| {name} | input | {} | | | | |", row.output);
            continue;
        }
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} | {} |",
            code(&row.units),
            row.output,
            row.weights,
            row.biases,
            row.params,
            row.macs,
        );
    }
    let _ = writeln!(
        text,
        "| **Total** | | {} | {} | {} | **{}** | {} |",
        total.output, total.weights, total.biases, total.params, total.macs,
    );
    let bytes = if graph.symbolic_totals() {
        format!("{} bytes each", graph.dtype.bytes())
    } else {
        shapewise_core::report::Bytes(graph.param_bytes().unwrap_or(u64::MAX)).to_string()
    };
    let _ = writeln!(
        text,
        "\nShapes are of one sample, channels last. Parameters are weights and biases; MACs are \
         multiply-accumulates with weights (and in attention), padded taps counted, biases and \
         elementwise work not; a MAC is two FLOPs. The parameters take {} as `{}`.",
        bytes,
        graph.dtype.name(),
    );
    text
}

/// What is said of memory and of what the network sees, above the diagram.
fn memory(drawn: &Drawn<'_>) -> String {
    let graph = drawn.graph;
    let mut text = String::new();
    if let Some(field) = drawn.receptive_field() {
        let input = match graph.inputs.as_slice() {
            [first, _, ..] => format!("`{first}`"),
            _ => "the input".to_owned(),
        };
        let _ = write!(
            text,
            "An element of the output sees {field} of {input} ([receptive field](Self::RECEPTIVE_FIELD), \
             not clipped at the border). In the drawing, above each card, stands what its input \
             sees{}.\n\n",
            match drawn.has_bars() {
                true => "; the bars are its shares of the parameters, MACs and activations",
                false => "",
            }
        );
    }
    let peak = "[peak](Self::PEAK_ACTIVATION_BYTES)";
    let bytes = drawn.analysis.peak_bytes(graph).unwrap_or(u64::MAX);
    let bytes = shapewise_core::report::Bytes(bytes);
    let _ = match &graph.symbols {
        Some(symbols) if !symbols.known && drawn.guessed() => write!(
            text,
            "What activations at inference take at most ({peak}) depends on {}. Layer by layer, {}:",
            amount::listed(&amount::names(graph, symbols)),
            drawn.assumptions(symbols),
        ),
        Some(symbols) if symbols.known && drawn.guessed() => write!(
            text,
            "Activations at inference for one sample take {bytes} at most ({peak}) {}; layer by layer:",
            amount::defaults(symbols),
        ),
        _ => write!(
            text,
            "Activations at inference for one sample take {bytes} at most ({peak}); layer by layer:"
        ),
    };
    text
}

/// Text as code in a table's cell.
fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|").replace('`', "'"))
}

/// A labelled statement in a line: its units, its shapes, its parameters.
pub(super) fn headline(graph: &Resolved, statement: &Statement) -> String {
    let input = &graph.values[statement.input].display;
    let output = &graph.values[statement.output].display;
    let mut line = format!("{}: {input} to {output}.", code(&statement.text));
    if graph.counts(statement.nodes).params() > 0 {
        let _ = match sentence(graph, statement.nodes, &Counts::params) {
            Known::DependsOn(names) => write!(
                line,
                " Its parameters depend on {}.",
                amount::listed(&names)
            ),
            params => write!(line, " {} parameters.", params.cell()),
        };
    }
    line
}

/// The page of a label's constant.
pub(super) fn of_statement(graph: &Resolved, statement: &Statement) -> TokenStream {
    let text = text_of_statement(graph, statement);
    quote!(#[doc = #text])
}

/// What the page of a label's constant says.
pub(super) fn text_of_statement(graph: &Resolved, statement: &Statement) -> String {
    let range = statement.nodes;
    let mut lines = vec![String::new(), headline(graph, statement)];
    lines.push(String::new());
    const MOST: usize = 12;
    let nodes = graph
        .nodes
        .get(statement.nodes.0..statement.nodes.1)
        .unwrap_or_default();
    for (i, node) in nodes.iter().enumerate().take(MOST) {
        let name = name_in(statement, nodes, node);
        lines.extend(formulas(graph, range.0 + i, node, name));
    }
    if nodes.len() > MOST {
        lines.push(format!("- and {} more layers", nodes.len() - MOST));
    }
    lines.join("\n")
}

/// What a layer is called among those of its statement: nothing when it is the
/// only one, its kind, or its path where there are several of a kind.
fn name_in<'n>(statement: &Statement, nodes: &[Node], node: &'n Node) -> Option<&'n str> {
    let kind = node.step.entry.name;
    let of_kind = nodes.iter().filter(|other| other.step.entry.name == kind);
    if nodes.len() == 1 {
        return None;
    }
    if of_kind.count() == 1 {
        return Some(kind);
    }
    let inside = node.step.path.strip_prefix(&statement.path);
    let inside = inside.and_then(|path| path.strip_prefix('.'));
    Some(inside.unwrap_or(kind))
}

/// How a layer's figures come about, a list item each.
pub(super) fn formulas(
    graph: &Resolved,
    index: usize,
    node: &Node,
    name: Option<&str>,
) -> Vec<String> {
    let reads_symbols = node
        .step
        .inputs
        .iter()
        .any(|input| graph.values[*input].symbolic);
    if node.step.symbolic || reads_symbols {
        return items(arithmetic::formulas(graph, index).into_iter(), name);
    }
    items(arithmetic::told(graph, index).iter().map(Told::whole), name)
}

/// Figures with their calculations as list items.
fn items(lines: impl Iterator<Item = (String, String)>, name: Option<&str>) -> Vec<String> {
    let of = name.map_or_else(String::new, |name| format!("`{name}` "));
    lines
        .map(|(figure, calculation)| format!("- {of}{figure}: `{calculation}`"))
        .collect()
}

/// The page of a figure's constant.
pub(super) fn of_figure(
    figure: Figure,
    symbolic: bool,
    graph: &Resolved,
    analysis: &Analysis,
) -> String {
    let is = figure.doc().trim_end_matches('.');
    let all = (0, graph.nodes.len());
    // `Weights: 48`, or what they depend on.
    let told = |known: Known| match known {
        Known::DependsOn(names) => {
            format!("{is}: how many depends on {}", amount::listed(&names))
        }
        known => format!("{is}: {}", known.cell()),
    };
    let count = || {
        let part = |counts: &Counts| figure.counted(counts).unwrap_or(0);
        told(sentence(graph, all, &part))
    };
    let number = |figure| match figure::amount(figure, graph, &analysis) {
        Some(Amount::Number(number)) => number,
        _ => u64::MAX,
    };
    let product = |factor: u64, of| match symbolic {
        true => String::new(),
        false => format!(
            ": `{factor} * {} = {}`",
            grouped(number(of)),
            grouped(number(figure))
        ),
    };
    let bytes = |of| {
        let (name, bytes) = (graph.dtype.name(), graph.dtype.bytes());
        format!("`{name}`, {bytes} each{}", product(bytes, of))
    };
    match figure {
        Figure::Weights | Figure::Biases | Figure::Buffers => format!("{}.", count()),
        Figure::Params => format!("{}.{}", count(), sum(graph, Counts::params)),
        Figure::Macs => format!("{}.{}", count(), sum(graph, |counts| counts.macs)),
        Figure::Flops => format!("{is}{}.", product(2, Figure::Macs)),
        Figure::Activations => format!("{}.", told(activations(graph))),
        Figure::PeakActivations if !symbolic => of_peak(is, graph, analysis),
        // What is inside of a network of elsewhere, only rustc sees.
        Figure::Depth if graph.elsewhere(all).0.is_empty() => {
            format!("{is}: {}.", grouped(analysis.depth))
        }
        Figure::ReceptiveField => {
            let input = match graph.inputs.as_slice() {
                [first, _, ..] => format!("`{first}`"),
                _ => "the input".to_owned(),
            };
            let is = is.replace("the first input", &input);
            let found = match symbolic {
                true => String::new(),
                false => format!(": {}", analysis.receptive_field),
            };
            format!(
                "{is}{found}. Recurrent layers, attention, flatten, global pooling and linear \
                 layers see all of it."
            )
        }
        Figure::ParamBytes => format!("{is} as {}.", bytes(Figure::Params)),
        Figure::PeakActivationBytes => format!("{is}, as {}.", bytes(Figure::PeakActivations)),
        Figure::TrainActivations | Figure::TrainActivationBytes if !symbolic => {
            format!("{is}: {}.", grouped(number(figure)))
        }
        Figure::ActiveParams
        | Figure::TrainActivations
        | Figure::TrainActivationBytes
        | Figure::PeakActivations
        | Figure::Depth
        | Figure::Exact => figure.doc().to_owned(),
    }
}

/// The page of `PEAK_ACTIVATIONS`: how many, where, and what was alive.
fn of_peak(is: &str, graph: &Resolved, analysis: &Analysis) -> String {
    let peak = analysis.peak.map_or(u64::MAX, |peak| peak.elements);
    let mut text = format!("{is}: {}", grouped(peak));
    if let Some(layer) = analysis.peak_layer(graph) {
        let _ = write!(text, ", while {layer} runs");
    }
    let alive: Vec<String> = analysis
        .alive(graph)
        .iter()
        .map(|(elements, name)| format!("{name} with {}", grouped(*elements)))
        .collect();
    let _ = write!(text, ".\n\nThe largest values there: {}.", alive.join(", "));
    text.push_str(
        "\n\nInputs and outputs count; a value dies after its last reader; flatten, reshape, \
         identity and dropout make no new value, and elementwise layers work in place when they \
         are the only reader.",
    );
    text
}

/// `a + b + c = total`, over the statements of the network's own body.
fn sum(graph: &Resolved, part: fn(&Counts) -> u64) -> String {
    if graph.symbolic_totals() {
        return String::new();
    }
    let rows = graph.statements.iter().filter(|row| row.depth == 0);
    let parts: Vec<String> = rows
        .map(|row| part(&graph.counts(row.nodes)))
        .filter(|part| *part > 0)
        .map(grouped)
        .collect();
    if parts.len() < 2 || parts.len() > 24 {
        return String::new();
    }
    format!(
        "\n\n`{} = {}`",
        parts.join(" + "),
        grouped(part(&graph.totals()))
    )
}
