//! What a node takes from the graph, and what it adds to it.

use proc_macro2::Ident;
use shapewise_core::Shape;
use shapewise_core::graph::MAX_INPUTS;

use crate::graph::{Node, ValueInfo};
use crate::report::Error;
use crate::resolve::draft::Draft;
use crate::resolve::findings::Findings;
use crate::resolve::scope::{Flow, Frames};
use crate::resolve::statement::{Passed, Seat};
use crate::syntax::tree::Unit;

impl Findings {
    /// The values that flow in; nothing when one of them is not known.
    pub(super) fn input_values(
        &mut self,
        unit: &Unit,
        flows: &[Flow],
        called: &str,
        names: &Frames,
    ) -> Option<Vec<usize>> {
        if flows.len() > MAX_INPUTS {
            self.tell_of(
                unit,
                Error::new(
                    unit.place,
                    format!(
                        "{called} has {} inputs; {MAX_INPUTS} are possible",
                        flows.len()
                    ),
                ),
            );
            return None;
        }
        let mut inputs = Vec::new();
        for flow in flows {
            match flow {
                Flow::Value(value) => inputs.push(*value),
                Flow::Unknown => return None,
                Flow::Several(values) => {
                    let error = Error::new(
                        unit.place,
                        format!("{called} takes one value, but {} flow here", values.len()),
                    )
                    .help(match names.labels_of(values).as_slice() {
                        [] => "begin the statement with `from label,`".to_owned(),
                        labels => {
                            let labels = labels.iter().map(|label| format!("`from {label},`"));
                            let labels: Vec<String> = labels.collect();
                            format!("begin the statement with {}", labels.join(" or "))
                        }
                    });
                    self.tell_of(unit, error);
                    return None;
                }
            }
        }
        Some(inputs)
    }
}

impl Draft {
    /// Adds a node and its results to the graph.
    pub(super) fn add(
        &mut self,
        node: Node,
        outputs: &[Shape],
        name: &Ident,
        unit: &Unit,
        seat: &Seat,
    ) -> Passed {
        let values = node.outputs();
        // What a network of this invocation gives is known, whatever came in.
        let symbolic = node.step.symbolic && node.inside.is_none();
        let index = self.graph.nodes.len();
        // Of a change of shape, what it was before tells more than its name.
        let reshaped = match (node.step.inputs.as_slice(), outputs) {
            ([input], [output]) => Some(self.shape_of(*input)).filter(|before| {
                before != output && before.checked_elements() == output.checked_elements()
            }),
            _ => None,
        };
        let of = reshaped.map_or_else(String::new, |before| format!(" of {before}"));
        self.graph.nodes.push(node);
        for (result, shape) in outputs.iter().take(values.len()).enumerate() {
            let name = seat.labels.get(result).unwrap_or(name);
            let watch = self.watch(name, unit.id, result);
            self.graph.values.push(ValueInfo {
                shape: *shape,
                symbolic,
                code: None,
                display: shape.to_string(),
                origin: format!("`{}`{of}", shorten(&seat.text)),
                node: Some(index),
                watch,
            });
        }
        let flow = match values.len() {
            1 => Flow::Value(values.start),
            _ => Flow::Several(values.collect()),
        };
        Passed {
            node: Some(index),
            ..flow.into()
        }
    }
}

/// A text for a message: its beginning and end, when it is long.
fn shorten(text: &str) -> String {
    const MOST: usize = 72;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let start: String = text.chars().take(MOST / 2).collect();
    let end: Vec<char> = text.chars().rev().take(MOST / 3).collect();
    format!("{start}...{}", end.into_iter().rev().collect::<String>())
}
