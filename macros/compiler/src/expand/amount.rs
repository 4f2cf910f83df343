//! Figures and formulas as documentation shows them where only rustc knows the
//! numbers: as expressions of what the user wrote.

use shapewise_core::Shape;

use super::docs::grouped;
use crate::graph::{Resolved, Symbols};

/// A figure of a range of nodes: a number, an expression, or what it depends on.
pub(super) fn amount(
    graph: &Resolved,
    nodes: (usize, usize),
    figure: &dyn Fn(&Resolved) -> Option<u64>,
) -> String {
    text(graph, graph.symbolic_costs(nodes), nodes, figure)
}

fn text(
    graph: &Resolved,
    symbolic: bool,
    nodes: (usize, usize),
    figure: &dyn Fn(&Resolved) -> Option<u64>,
) -> String {
    let own = figure(graph).unwrap_or(u64::MAX);
    let Some(symbols) = graph.symbols.as_ref().filter(|_| symbolic) else {
        return grouped(own);
    };
    let (networks, custom) = graph.elsewhere(nodes);
    let known = match graph.expression(figure) {
        Some(number) if is_number(&number) => grouped(own),
        Some(expression) => format!("`{expression}`"),
        None if symbols.known => format!("{} ({})", grouped(own), defaults(symbols)),
        None => return format!("depends on {}", names(symbols, &networks)),
    };
    let mut text = if custom {
        ">= ".to_owned()
    } else {
        String::new()
    };
    if known != "0" || networks.is_empty() {
        text.push_str(&known);
    }
    for network in &networks {
        let plus = if text.is_empty() { "" } else { " + " };
        text.push_str(&format!("{plus}those of `{network}`"));
    }
    text
}

/// Elements of all activations in a sentence.
pub(super) fn activations(graph: &Resolved) -> String {
    let symbolic = graph.values.iter().any(|value| value.symbolic);
    text(
        graph,
        symbolic,
        (0, graph.nodes.len()),
        &Resolved::activations,
    )
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

/// A figure in a sentence: with the number for the defaults beside its expression.
pub(super) fn sentence(
    graph: &Resolved,
    nodes: (usize, usize),
    figure: &dyn Fn(&Resolved) -> Option<u64>,
) -> String {
    let own = figure(graph).unwrap_or(u64::MAX);
    let amount = amount(graph, nodes, figure);
    match &graph.symbols {
        Some(symbols) if symbols.known && amount.starts_with('`') => {
            format!("{amount} ({} {})", grouped(own), defaults(symbols))
        }
        _ => amount,
    }
}

/// `` with `CLASSES = 2` ``
pub(super) fn defaults(symbols: &Symbols) -> String {
    let pairs: Vec<String> = symbols
        .atoms
        .iter()
        .filter_map(|atom| {
            let default = atom.default?;
            Some(match (atom.boolean, default) {
                (true, 0) => format!("`{} = false`", atom.text),
                (true, _) => format!("`{} = true`", atom.text),
                (false, default) => format!("`{} = {default}`", atom.text),
            })
        })
        .collect();
    format!("with {}", pairs.join(", "))
}

fn names(symbols: &Symbols, networks: &[String]) -> String {
    const MOST: usize = 4;
    let atoms = symbols.atoms.iter().map(|atom| &atom.text);
    let all: Vec<String> = atoms
        .chain(networks)
        .map(|name| format!("`{name}`"))
        .collect();
    match all.as_slice() {
        [] => "layers of elsewhere".to_owned(),
        all if all.len() > MOST => format!("{} and others", all[..MOST].join(", ")),
        all => all.join(", "),
    }
}

/// A line of a layer's arithmetic.
pub(super) struct Told {
    name: String,
    formula: Option<String>,
    result: Option<String>,
}

impl Told {
    /// What is calculated, and the calculation with its result.
    pub(super) fn whole(&self) -> (String, String) {
        let parts = self.formula.iter().chain(&self.result);
        let parts: Vec<&str> = parts.map(String::as_str).collect();
        (self.name.clone(), parts.join(" = "))
    }
}

/// The lines of a layer's arithmetic.
pub(super) fn told(world: &Resolved, node: usize) -> Vec<Told> {
    let Some(node) = world.nodes.get(node) else {
        return Vec::new();
    };
    let shape = |input: &usize| world.values[*input].shape;
    let inputs: Vec<Shape> = node.step.inputs.iter().map(shape).collect();
    let mut told = Vec::new();
    // Nothing here fails.
    let _ = node.layer.explain_each(&inputs, &mut |line| {
        told.push(Told {
            name: line.name.to_string(),
            formula: line.formula.map(ToString::to_string),
            result: line.result.map(ToString::to_string),
        });
        Ok(())
    });
    told
}

/// The lines of a layer's arithmetic, where only rustc knows its numbers: with names
/// in the place of numbers, as far as all worlds agree.
pub(super) fn formulas(graph: &Resolved, node: usize) -> Vec<(String, String)> {
    let Some(symbols) = &graph.symbols else {
        return Vec::new();
    };
    let worlds = std::iter::once(graph).chain(&symbols.worlds);
    let worlds: Vec<Vec<Told>> = worlds
        .enumerate()
        .map(|(place, world)| {
            let names = names_of_numbers(graph, symbols, place, world, node);
            let named = |text: Option<String>| text.map(|text| replace(&text, &names));
            let told = told(world, node).into_iter();
            told.map(|line| Told {
                name: line.name,
                formula: named(line.formula),
                result: named(line.result),
            })
            .collect()
        })
        .collect();
    let lines = worlds.iter().map(Vec::len).max().unwrap_or(0);
    (0..lines)
        .filter_map(|line| {
            let all = || worlds.iter().filter_map(|told| told.get(line));
            agreed(all().map(Told::whole)).or_else(|| {
                // The result is no short expression: the formula is.
                agreed(all().filter_map(|line| Some((line.name.clone(), line.formula.clone()?))))
            })
        })
        .collect()
}

/// The line in most worlds, where those are three at least: in others, a number
/// may be the same as one that a name stands for.
fn agreed<T: Clone + Ord>(lines: impl Iterator<Item = T>) -> Option<T> {
    let lines: Vec<T> = lines.collect();
    let count = |line: &T| lines.iter().filter(|other| *other == line).count();
    let (count, line) = lines.iter().map(|line| (count(line), line)).max()?;
    (count >= 3 && 3 * count >= lines.len()).then(|| line.clone())
}

/// What stands for a number in one of the worlds: of several, the first.
fn names_of_numbers(
    graph: &Resolved,
    symbols: &Symbols,
    place: usize,
    world: &Resolved,
    node: usize,
) -> Vec<(u64, String)> {
    let mut names = Vec::new();
    let mut name = |number: u64, text: &str| {
        if !text.chars().all(|c| c.is_ascii_digit() || c == ',') {
            names.push((number, text.to_owned()));
        }
    };
    for (atom, value) in symbols.atoms.iter().zip(symbols.values(place)) {
        if let Ok(value) = u64::try_from(value)
            && !atom.boolean
        {
            name(value, &atom.text);
        }
    }
    let Some(of) = graph.nodes.get(node) else {
        return names;
    };
    let results = of.outputs();
    for value in of.step.inputs.iter().copied().chain(results) {
        let display = graph.values[value].display.as_str();
        let inner = display.trim_start_matches('[').trim_end_matches(']');
        let texts: Vec<&str> = inner.split(", ").collect();
        let Some(info) = world.values.get(value) else {
            continue;
        };
        let extents = info.shape.as_slice();
        if graph.values[value].symbolic && texts.len() == extents.len() {
            for (extent, text) in extents.iter().zip(texts) {
                if !text.contains(' ') {
                    name(*extent as u64, text);
                }
            }
        }
    }
    names
}

/// Puts names in the place of numbers.
fn replace(line: &str, names: &[(u64, String)]) -> String {
    let mut text = String::new();
    let mut number = String::new();
    let flush = |number: &mut String, text: &mut String| {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let kept = number.len() - number.trim_end_matches(',').len();
        let number_of = |value: u64| names.iter().find(|(number, _)| *number == value);
        match digits.parse().ok().and_then(number_of) {
            Some((_, name)) => {
                text.push_str(name);
                text.push_str(&number[number.len() - kept..]);
            }
            None => text.push_str(number),
        }
        number.clear();
    };
    let mut word = false;
    for c in line.chars() {
        let starts = c.is_ascii_digit() && !word;
        if starts || (!number.is_empty() && (c.is_ascii_digit() || c == ',')) {
            number.push(c);
            continue;
        }
        flush(&mut number, &mut text);
        // A digit within a word or behind a point is no number of its own.
        word = c.is_alphanumeric() || c == '_' || c == '.';
        text.push(c);
    }
    flush(&mut number, &mut text);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_for_whole_numbers_only() {
        let names = [(64, "WIDTH".to_owned()), (1009, "N".to_owned())];
        assert_eq!(replace("64*3 + 640", &names), "WIDTH*3 + 640");
        assert_eq!(replace("(1,009, 64)", &names), "(N, WIDTH)");
        assert_eq!(replace("conv64 0.64", &names), "conv64 0.64");
    }

    #[test]
    fn a_line_is_shown_when_most_worlds_agree() {
        assert_eq!(agreed(["a", "a", "b", "a"].into_iter()), Some("a"));
        assert_eq!(agreed(["a", "b", "c"].into_iter()), None);
        assert_eq!(agreed(["a", "a"].into_iter()), None);
    }
}
