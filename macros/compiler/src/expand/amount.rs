//! Figures and formulas as documentation shows them where only rustc knows the
//! numbers: as expressions of what the user wrote.

use shapewise_core::Counts;

use super::docs::grouped;
use super::sum::Sum;
use crate::graph::{Atom, Node, Ready, Resolved, Symbols};

/// What is known of a figure of a range of nodes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// It is this number.
    Number(u64),
    /// It is what this text says: an expression, a bound, a number for the defaults.
    Text(String),
    /// It depends on what these texts name.
    DependsOn(Vec<String>),
}

impl Known {
    /// As it stands in a cell of a table.
    pub(super) fn cell(self) -> String {
        match self {
            Self::Number(number) => grouped(number),
            Self::Text(text) => text,
            Self::DependsOn(names) => format!("depends on {}", listed(&names)),
        }
    }

    /// What is counted, in a sentence: `48 parameters`, `parameters that depend on N`.
    pub(super) fn of(self, what: &str) -> String {
        match self {
            Self::DependsOn(names) => format!("{what} that depend on {}", listed(&names)),
            known => format!("{} {what}", known.cell()),
        }
    }
}

/// A part of what layers cost, of which that of several layers is the sum.
pub(super) type Part<'f> = &'f dyn Fn(&Counts) -> u64;

/// What a range of nodes costs.
pub(super) fn amount(graph: &Resolved, nodes: (usize, usize), part: Part<'_>) -> Known {
    let figure = |graph: &Resolved| Some(part(&graph.counts(nodes)));
    let sum = |graph: &Resolved| sum(graph, nodes, part);
    found(graph, graph.symbolic_costs(nodes), nodes, (&figure, &sum))
}

/// Elements of all activations.
pub(super) fn activations(graph: &Resolved) -> Known {
    let all = (0, graph.nodes.len());
    activations_of(graph, all, &Resolved::activations)
}

/// Elements of the activations of a range of nodes.
pub(super) fn activations_of(
    graph: &Resolved,
    nodes: (usize, usize),
    figure: &dyn Fn(&Resolved) -> Option<u64>,
) -> Known {
    let within = graph.nodes.get(nodes.0..nodes.1).unwrap_or_default();
    let mut values = within.iter().flat_map(Node::outputs);
    let symbolic = values.any(|value| graph.values[value].symbolic);
    found(graph, symbolic, nodes, (figure, &|_| None))
}

/// A figure of a range of nodes, and how else its expression is found.
type Figure<'f> = (
    &'f dyn Fn(&Resolved) -> Option<u64>,
    &'f dyn Fn(&Resolved) -> Option<String>,
);

fn found(
    graph: &Resolved,
    symbolic: bool,
    nodes: (usize, usize),
    (figure, otherwise): Figure<'_>,
) -> Known {
    let own = figure(graph).unwrap_or(u64::MAX);
    let Some(symbols) = graph.symbols.as_ref().filter(|_| symbolic) else {
        return Known::Number(own);
    };
    let (networks, custom) = graph.elsewhere(nodes);
    let expression = graph.expression(figure).or_else(|| otherwise(graph));
    let known = match expression {
        Some(number) if is_number(&number) && networks.is_empty() && !custom => {
            return Known::Number(own);
        }
        Some(number) if is_number(&number) => grouped(own),
        Some(expression) => format!("`{expression}`"),
        None if symbols.known => format!("{} ({})", grouped(own), defaults(symbols)),
        None => return Known::DependsOn(names(graph, symbols)),
    };
    let nothing = known == "0";
    // What a function of the user's costs, only rustc sees.
    let functions = functions(graph, nodes);
    if nothing && custom && networks.is_empty() {
        return Known::DependsOn(functions);
    }
    let mut text = if nothing && !networks.is_empty() {
        String::new()
    } else {
        known
    };
    for other in networks.iter().chain(&functions) {
        let plus = if text.is_empty() { "" } else { " + " };
        text.push_str(&format!("{plus}those of `{other}`"));
    }
    Known::Text(text)
}

/// What a range of nodes costs, as the sum of what each of them does; `None` where that
/// is not found, or long.
fn sum(graph: &Resolved, nodes: (usize, usize), part: Part<'_>) -> Option<String> {
    let symbols = graph.symbols.as_ref()?;
    // Names are told from operators by the spaces around these.
    let plain = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    if !symbols
        .atoms
        .iter()
        .all(|atom| atom.text.chars().all(plain))
    {
        return None;
    }
    let mut sum = Sum::default();
    let kinds: [fn(Counts) -> Counts; 4] = [
        |Counts { weights, .. }| Counts {
            weights,
            ..Counts::ZERO
        },
        |Counts { biases, .. }| Counts {
            biases,
            ..Counts::ZERO
        },
        |Counts { buffers, .. }| Counts {
            buffers,
            ..Counts::ZERO
        },
        |Counts { macs, .. }| Counts {
            macs,
            ..Counts::ZERO
        },
    ];
    for (index, node) in graph.nodes.iter().enumerate().take(nodes.1).skip(nodes.0) {
        for kind in kinds {
            let own = part(&kind(node.counts));
            if !node.step.symbolic {
                sum.add(&grouped(own))?;
                continue;
            }
            let figure = |graph: &Resolved| Some(part(&kind(graph.nodes.get(index)?.counts)));
            sum.add(&graph.expression(&figure)?)?;
        }
    }
    sum.text()
}

pub(super) fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

/// A figure in a sentence: with the number for the defaults beside its expression.
pub(super) fn sentence(graph: &Resolved, nodes: (usize, usize), part: Part<'_>) -> Known {
    match (amount(graph, nodes, part), &graph.symbols) {
        (Known::Text(text), Some(symbols)) if symbols.known && text.starts_with('`') => {
            let own = grouped(part(&graph.counts(nodes)));
            Known::Text(format!("{text} ({own} {})", defaults(symbols)))
        }
        (amount, _) => amount,
    }
}

/// `` with `CLASSES = 2` ``
pub(super) fn defaults(symbols: &Symbols) -> String {
    with(symbols, &|_, atom| atom.default)
}

/// What the atoms are in the first world: `` with `CLASSES = 2` ``; nothing without any.
pub(super) fn with(symbols: &Symbols, value: &dyn Fn(usize, &Atom) -> Option<i128>) -> String {
    let atoms = symbols.atoms.iter().enumerate();
    let pairs: Vec<String> = atoms
        .filter_map(|(index, atom)| {
            Some(match (atom.boolean, value(index, atom)?) {
                (true, 0) => format!("`{} = false`", atom.text),
                (true, _) => format!("`{} = true`", atom.text),
                (false, value) => format!("`{} = {value}`", atom.text),
            })
        })
        .collect();
    if pairs.is_empty() {
        return String::new();
    }
    format!("with {}", pairs.join(", "))
}

/// The functions of a range of nodes, which rustc calls.
fn functions(graph: &Resolved, nodes: (usize, usize)) -> Vec<String> {
    let within = graph.nodes.get(nodes.0..nodes.1).unwrap_or_default();
    let mut names = Vec::new();
    for node in within {
        if let Some(Ready::Custom { function, .. }) = &node.step.ready {
            let name = function.to_string().replace(' ', "");
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// All that figures of a network may depend on.
pub(super) fn names(graph: &Resolved, symbols: &Symbols) -> Vec<String> {
    let all = (0, graph.nodes.len());
    let mut names: Vec<String> = symbols.atoms.iter().map(|atom| atom.text.clone()).collect();
    for name in graph
        .elsewhere(all)
        .0
        .into_iter()
        .chain(functions(graph, all))
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// `` `N`, `WIDTH` and `CLASSES` ``
pub(super) fn listed(names: &[String]) -> String {
    const MOST: usize = 4;
    let quoted = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    match names {
        [] => "what is elsewhere".to_owned(),
        [name] => format!("`{name}`"),
        names if names.len() > MOST => format!("{} and others", quoted(&names[..MOST])),
        [names @ .., last] => format!("{} and `{last}`", quoted(names)),
    }
}
