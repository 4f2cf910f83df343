//! What the macro makes of a source, and whether the source is right.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use shapewise::Shape;
use shapewise_compiler::graph::Resolved;
use shapewise_compiler::resolve;
use shapewise_compiler::syntax::tree::{
    Assertion, Body, Comparison, Expect, Expression, ExpressionKind, File, Item,
};

use super::sites;

/// An error: its line and its message.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) line: usize,
    pub(crate) message: String,
}

/// The errors with which a source expands; nothing where it is no tokens.
pub(crate) fn errors(source: &str) -> Option<Vec<Told>> {
    let tokens: TokenStream = source.parse().ok()?;
    let mut told = Vec::new();
    collect(shapewise_compiler::expand(tokens), &mut told);
    Some(told)
}

fn collect(tokens: TokenStream, told: &mut Vec<Told>) {
    let mut error = None;
    for token in tokens {
        match token {
            TokenTree::Ident(name) if name == "compile_error" => error = Some(name.span()),
            TokenTree::Group(group) => match error.take() {
                Some(span) => told.push(Told {
                    line: span.start().line,
                    message: group.stream().to_string(),
                }),
                None => collect(group.stream(), told),
            },
            _ => {}
        }
    }
}

/// What a source declares and what does not hold, found without the code that
/// compares it: declarations are taken out of the tree, and what comes out then
/// is compared here. An empty list says that all of it holds.
pub(crate) fn broken(source: &str) -> Vec<String> {
    let Some((mut file, errors)) = sites::parse(source) else {
        return vec!["no tokens".to_owned()];
    };
    let mut broken: Vec<String> = errors.iter().map(|e| e.headline().to_owned()).collect();
    let mut claims = Vec::new();
    let File { networks, .. } = &mut file;
    for (network, net) in networks.iter_mut().enumerate() {
        let mut found = Claims::default();
        found.take(&mut net.body);
        let outputs = net.outputs.iter_mut();
        found.outputs = outputs.map(|output| output.shape.take()).collect();
        claims.push((network, found));
    }
    for (network, claims) in claims {
        let outcome = resolve::network(&file, &file.networks[network]);
        broken.extend(outcome.errors.iter().map(|e| e.headline().to_owned()));
        if outcome.errors.is_empty() {
            claims.compare(&outcome.graph, &mut broken);
        }
    }
    broken
}

#[derive(Default)]
struct Claims {
    shapes: Vec<(String, Expression)>,
    figures: Vec<Assertion>,
    /// Of each output, where it is declared.
    outputs: Vec<Option<Expression>>,
}

impl Claims {
    /// Takes what is declared out of the network's own statements, and labels
    /// them, so that they can be found again.
    fn take(&mut self, body: &mut Body) {
        let mut items = Vec::new();
        for mut item in body.items.drain(..) {
            if let Item::Statement(statement) = &mut item {
                if let Some(Expect::Shapes(mut shapes)) = statement.expect.take()
                    && shapes.len() == 1
                {
                    let label = match statement.labels.first() {
                        Some(label) => label.to_string(),
                        None => {
                            let label = format!("claim_{}", self.shapes.len());
                            statement.labels.push(Ident::new(&label, Span::call_site()));
                            label
                        }
                    };
                    self.shapes.extend(shapes.pop().map(|shape| (label, shape)));
                }
                for unit in &mut statement.units {
                    if let shapewise_compiler::syntax::tree::UnitKind::Group(inner) = &mut unit.kind
                    {
                        self.take(inner);
                    }
                }
            }
            match item {
                Item::Assertion(assertion) => self.figures.push(assertion),
                other => items.push(other),
            }
        }
        body.items = items;
    }

    fn compare(&self, graph: &Resolved, broken: &mut Vec<String>) {
        for (label, claimed) in &self.shapes {
            let row = graph.statements.iter().find(|row| {
                let own = row.label.as_ref();
                own.is_some_and(|own| own == label)
            });
            let Some(row) = row else { continue };
            let shape = graph.values[row.output].shape;
            if Some(shape) != literal(claimed) {
                broken.push(format!("{label} is {shape}"));
            }
        }
        for (claimed, (_, value)) in self.outputs.iter().zip(&graph.outputs) {
            let Some(claimed) = claimed else { continue };
            let shape = graph.values[*value].shape;
            if Some(shape) != literal(claimed) {
                broken.push(format!("the output is {shape}"));
            }
        }
        for assertion in &self.figures {
            let metric = assertion.metric.to_string();
            let counts = graph.nodes.iter().map(|node| &node.counts);
            let own = graph.nodes.iter().filter(|node| node.step.shared.is_none());
            let figure: u64 = match metric.as_str() {
                "macs" => counts.map(|counts| counts.macs).sum(),
                "params" if graph.nodes.iter().all(|node| node.step.shared.is_none()) => own
                    .map(|node| node.counts.weights + node.counts.biases)
                    .sum(),
                _ => continue,
            };
            if let (ExpressionKind::Int(bound), Comparison::Equal) =
                (&assertion.bound.kind, assertion.comparison)
                && *bound != figure
            {
                broken.push(format!("{metric} is {figure}"));
            }
        }
    }
}

fn literal(shape: &Expression) -> Option<Shape> {
    match &shape.kind {
        ExpressionKind::Extents(extents) => Some(Shape::new(extents)),
        ExpressionKind::Int(extent) => Some(Shape::new(&[usize::try_from(*extent).ok()?])),
        _ => None,
    }
}
