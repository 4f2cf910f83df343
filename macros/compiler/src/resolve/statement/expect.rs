//! The shape that a statement declares: `=> shape`, `=> ?`.

use proc_macro2::Span;
use shapewise_core::Shape;
use shapewise_core::layer::Figured;

use crate::graph::{Node, Resolved};
use crate::report::Error;
use crate::resolve::Builder;
use crate::resolve::findings::Findings;
use crate::resolve::layout::is_channels_first;
use crate::resolve::reaching::reaching;
use crate::resolve::scope::Flow;
use crate::syntax::tree::{Expect, Expression, ExpressionKind, Statement};

impl Builder<'_> {
    /// Compares what leaves a statement with what its author expects there.
    pub(super) fn expect(&mut self, expect: &Expect, statement: &Statement, flow: Flow) -> Flow {
        match expect {
            Expect::Hole(span) => {
                self.findings.hole(&self.draft.graph, *span, &flow);
                flow
            }
            Expect::Shapes(shapes) => match (shapes.as_slice(), &flow) {
                ([shape], Flow::Value(value)) => self.expect_one(shape, statement, *value),
                ([shape], Flow::Unknown) => self.assumed(shape, &flow),
                (shapes, Flow::Several(values)) if shapes.len() == values.len() => {
                    let values = values.clone();
                    let mut kept = Vec::new();
                    for (shape, value) in shapes.iter().zip(values) {
                        if let Flow::Value(value) = self.expect_one(shape, statement, value) {
                            kept.push(value);
                        }
                    }
                    Flow::Several(kept)
                }
                (_, Flow::Unknown) => flow,
                (shapes, Flow::Value(_)) if in_parentheses(shapes).is_some() => {
                    let extents = in_parentheses(shapes).unwrap_or_default();
                    let first = shapes.first().map_or(statement.place, |shape| shape.place);
                    let place = first.to(shapes.last().map_or(first, |shape| shape.place));
                    let error = Error::new(place, "the extents of a shape stand together");
                    self.findings.tell(error.help(format!("write `{extents}`")));
                    self.findings.incomplete = true;
                    flow
                }
                (shapes, _) => {
                    let results = if let Flow::Several(values) = &flow {
                        values.len()
                    } else {
                        1
                    };
                    let place = shapes.first().map_or(statement.place, |shape| shape.place);
                    self.findings.tell(Error::new(
                        place,
                        format!(
                            "{} shapes are expected, but {results} values leave here",
                            shapes.len()
                        ),
                    ));
                    flow
                }
            },
        }
    }

    /// Compares a value with the shape that is expected; gives what goes on.
    fn expect_one(&mut self, expression: &Expression, statement: &Statement, value: usize) -> Flow {
        let Some(expected) = self.at(&Flow::Value(value)).shape(expression) else {
            return Flow::Value(value);
        };
        let symbolic = self.draft.graph.values[value].symbolic || expected.code.is_some();
        let what = match statement.labels.first() {
            Some(label) => format!("`{label}`"),
            None => statement
                .units
                .last()
                .map_or_else(|| "the statement".to_owned(), |unit| format!("`{unit}`")),
        };
        if symbolic {
            // Rustc compares; what the author expects is what goes on, so that a
            // shape of numbers makes shapes known again.
            self.at(&Flow::Unknown).expect_in_rustc(
                &expected,
                (value, true),
                expression.place,
                what,
            );
            let info = &mut self.draft.graph.values[value];
            info.shape = expected.shape;
            info.display = expected.shape.to_string();
            info.symbolic = expected.code.is_some();
            return Flow::Value(value);
        }
        let expected = expected.shape;
        let info = &self.draft.graph.values[value];
        let file = self.source.file;
        let shapes = (&info.shape, &expected);
        self.findings.declared(file, statement, shapes);
        if info.shape == expected {
            return Flow::Value(value);
        }
        let mut error = Error::new(
            expression.place,
            format!("{what} gives {}, not {expected}", info.shape),
        );
        if let Some(node) = first_to_differ(&self.draft.graph, value, &expected) {
            let node = &self.draft.graph.nodes[node];
            let input = node
                .step
                .inputs
                .first()
                .map(|input| &self.draft.graph.values[*input]);
            if let Some(input) = input {
                error = error.fact("input", format!("{}, from {}", input.shape, input.origin));
            }
            error = error.fact("computed", derivation(node, &self.draft.graph));
        }
        self.findings.incomplete = true;
        if is_channels_first(&expected, &info.shape) {
            let help = format!("write `=> {}`: the channels come last", info.shape);
            self.findings.tell(error.help(help));
            // It is the same value, written otherwise.
            return Flow::Value(value);
        }
        let mut helps = vec![format!("write `=> {}`", info.shape)];
        helps.extend(reaching(&self.draft.graph, value, &expected));
        if helps.len() == 1 {
            helps.push("change what leads there".to_owned());
        }
        let error = error.help(helps.join(", or "));
        self.findings.tell(error);
        if self.reading.declared() {
            Flow::Value(self.draft.assume(expected, format!("`=> {expression}`")))
        } else {
            Flow::Value(value)
        }
    }

    /// The value of a shape that the author declares, where the computed one is
    /// not known: checking goes on from it.
    pub(in crate::resolve) fn assumed(&mut self, shape: &Expression, flow: &Flow) -> Flow {
        match self.at(flow).shape(shape) {
            Some(declared) => {
                self.findings.incomplete = true;
                Flow::Value(self.draft.assume(declared.shape, format!("`=> {shape}`")))
            }
            None => Flow::Unknown,
        }
    }
}

/// `28x28x8` for `28, 28, 8`.
fn in_parentheses(shapes: &[Expression]) -> Option<String> {
    let extent = |shape: &Expression| match shape.kind {
        ExpressionKind::Int(extent) => Some(extent.to_string()),
        _ => None,
    };
    let extents: Option<Vec<String>> = shapes.iter().map(extent).collect();
    Some(extents?.join("x"))
}

impl Findings {
    /// Tells the shape that stands at a `?`.
    fn hole(&mut self, graph: &Resolved, span: Span, flow: &Flow) {
        let values = match flow {
            Flow::Value(value) => std::slice::from_ref(value),
            Flow::Several(values) => values,
            Flow::Unknown => return,
        };
        let infos = values.iter().map(|value| &graph.values[*value]);
        if infos.clone().any(|info| info.symbolic) {
            self.holes.push((span, values.to_vec()));
            return;
        }
        let shapes: Vec<String> = infos.map(|info| info.shape.to_string()).collect();
        let found = match flow {
            Flow::Several(_) => format!("({})", shapes.join(", ")),
            _ => shapes.concat(),
        };
        self.tell(
            Error::new(span, format!("the shape here is {found}"))
                .help(format!("replace `?` by `{found}`")),
        );
    }
}

/// The layer that gave `value` the extents in which it differs from
/// `expected`: layers that keep the shape are passed over.
fn first_to_differ(graph: &Resolved, value: usize, expected: &Shape) -> Option<usize> {
    let mut node = graph.values[value].node?;
    loop {
        let [input] = graph.nodes[node].step.inputs.as_slice() else {
            return Some(node);
        };
        let before = &graph.values[*input];
        if before.shape == *expected || before.shape != graph.values[value].shape {
            return Some(node);
        }
        node = before.node?;
    }
}

/// Whether a value is what the author declares instead of what a layer gave.
pub(in crate::resolve) fn is_assumed(graph: &Resolved, value: usize) -> bool {
    value >= graph.inputs.len() && graph.values[value].node.is_none()
}

/// How the output of a layer comes about, on one line.
fn derivation(node: &Node, graph: &Resolved) -> String {
    let inputs: Vec<Shape> = node
        .step
        .inputs
        .iter()
        .map(|input| graph.values[*input].shape)
        .collect();
    let mut lines = Vec::new();
    // Nothing here fails.
    let _ = node.layer.explain_each(&inputs, &mut |line| {
        if line.of == Figured::Output {
            lines.push(line.to_string());
        }
        Ok(())
    });
    lines.join("; ")
}
