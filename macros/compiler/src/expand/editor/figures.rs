//! What was found of the user's words: of each layer and each label its shapes and what
//! it costs, by where the word stands.

use std::collections::HashMap;
use std::fmt::Write as _;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use shapewise_core::catalogue::Entry;

use crate::expand::docs;
use crate::expand::program;
use crate::graph::{Node, Resolved, Statement};
use crate::resolve::Outcome;
use crate::syntax::tree::{self, Body, File, Item, Network, UnitKind};

/// How many of the places of a word in a block are told of.
const MOST: usize = 6;

/// The figures of an invocation.
#[derive(Default)]
pub(super) struct Figures {
    labels: HashMap<String, Label>,
    /// The layers, in the order in which they are first there.
    pub(super) layers: Vec<Layer>,
    places: HashMap<String, usize>,
}

/// A label.
#[derive(Default)]
pub(super) struct Label {
    /// The shape that leaves it, or the shapes.
    pub(super) value: String,
    /// What it is, in a line or in one for each call of the block.
    pub(super) docs: String,
    /// Its constant, where it has one.
    pub(super) constant: Option<(TokenStream, Ident)>,
    /// In how many places it is.
    copies: usize,
}

/// A layer's word.
pub(super) struct Layer {
    pub(super) span: Span,
    pub(super) entry: &'static Entry,
    /// Its path as a name, which no other layer has.
    pub(super) place: String,
    /// The shapes that enter, and those that leave.
    pub(super) shapes: Vec<String>,
    /// How its figures come about: the layer's path, its shapes, its formulas.
    told: Vec<[String; 3]>,
    /// In how many places it is.
    copies: usize,
    /// The shapes of the values that go in, for each of the different ones.
    inputs: Vec<Vec<String>>,
    /// The shapes of its results, where it is first.
    outputs: Vec<String>,
}

/// The path of a layer as a name of Rust's.
fn name_of(network: &str, path: &str) -> String {
    let path = path.replace("r#", "");
    let letters = path
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { '_' });
    let name = letters.collect::<String>();
    format!("{}_{name}", network.replace("r#", ""))
}

/// A place in the source as a key.
pub(super) fn spot(span: Span) -> String {
    format!("{span:?}")
}

impl Figures {
    /// The figures of the networks of an invocation.
    pub(super) fn of(file: &File, outcomes: &[Outcome]) -> Self {
        let mut figures = Self::default();
        for (network, outcome) in file.networks.iter().zip(outcomes) {
            figures.ports(network, &outcome.graph);
            for (index, node) in outcome.graph.nodes.iter().enumerate() {
                figures.layer(&outcome.graph, index, node);
            }
            let wrong = !outcome.errors.is_empty() || outcome.incomplete || outcome.lost;
            for statement in &outcome.graph.statements {
                if !wrong || statement.is_followed() {
                    figures.statement(network, &outcome.graph, statement);
                }
            }
            figures.body(&network.body);
        }
        for block in &file.blocks {
            figures.body(&block.body);
        }
        figures
    }

    /// What was found of a label or an input.
    pub(super) fn label(&self, ident: &Ident) -> Option<&Label> {
        self.labels.get(&spot(ident.span()))
    }

    /// What was found of a layer's word.
    pub(super) fn layer_at(&self, span: Span) -> Option<&Layer> {
        self.layers.get(*self.places.get(&spot(span))?)
    }

    fn ports(&mut self, network: &Network, graph: &Resolved) {
        for (port, value) in network.inputs.iter().zip(&graph.values) {
            let Some(name) = &port.name else { continue };
            let label = self.labels.entry(spot(name.span())).or_default();
            label.value.clone_from(&value.display);
            label.docs = format!(
                "The input `{name}` of `{}`: `{}`.",
                graph.name, value.display
            );
        }
    }

    fn layer(&mut self, graph: &Resolved, index: usize, node: &Node) {
        if node.step.ready.is_some() {
            return;
        }
        let shape = |value: usize| {
            let value = graph.values.get(value);
            value.map_or_else(String::new, |value| value.display.clone())
        };
        let inputs: Vec<String> = node.step.inputs.iter().map(|input| shape(*input)).collect();
        let outputs: Vec<String> = node.outputs().map(shape).collect();
        let shapes = format!("{} -> {}", inputs.join(", "), outputs.join(", "));
        let key = spot(node.step.span);
        let place = *self.places.entry(key).or_insert(self.layers.len());
        if place == self.layers.len() {
            self.layers.push(Layer {
                span: node.step.span,
                entry: node.step.entry,
                place: name_of(&graph.name, &node.step.path),
                shapes: Vec::new(),
                told: Vec::new(),
                copies: 0,
                outputs: outputs.clone(),
                inputs: Vec::new(),
            });
        }
        let layer = &mut self.layers[place];
        layer.copies += 1;
        if !layer.shapes.contains(&shapes) {
            if layer.shapes.len() < MOST {
                let formulas = docs::formulas(graph, index, node, None).join("\n");
                let path = format!("{}.{}", graph.name, node.step.path);
                let becomes = format!("{} to {}", inputs.join(", "), outputs.join(", "));
                layer.told.push([path, becomes, formulas]);
            }
            layer.shapes.push(shapes);
            layer.inputs.push(inputs);
        }
    }

    fn statement(&mut self, network: &Network, graph: &Resolved, statement: &Statement) {
        let Some(ident) = &statement.label else {
            return;
        };
        let Some(output) = graph.values.get(statement.output) else {
            return;
        };
        let label = self.labels.entry(spot(ident.span())).or_default();
        label.copies += 1;
        let shape = &output.display;
        let text = docs::headline(graph, statement);
        match &statement.constant {
            Some(constant) => {
                let name = super::hidden(network.name.clone());
                let passed = program::passed(network);
                let constant = Ident::new(constant, Span::call_site());
                label.constant = Some((quote!(<#name #passed>), constant));
                label.value.clone_from(shape);
                label.docs = text;
            }
            None if label.copies <= MOST => {
                if !label.value.split(", ").any(|known| known == shape) {
                    let comma = if label.value.is_empty() { "" } else { ", " };
                    let _ = write!(label.value, "{comma}{shape}");
                }
                let _ = writeln!(label.docs, "- `{}.{}`: {text}", graph.name, statement.path);
            }
            None => {}
        }
    }

    /// The labels of the results of one layer.
    fn results(&mut self, statement: &tree::Statement) {
        let [_, _, ..] = statement.labels.as_slice() else {
            return;
        };
        let Some(UnitKind::Call(call)) = statement.units.last().map(|unit| &unit.kind) else {
            return;
        };
        let Some(layer) = self.layer_at(call.name.span()) else {
            return;
        };
        let outputs = layer.outputs.clone();
        for (label, shape) in statement.labels.iter().zip(outputs) {
            let found = self.labels.entry(spot(label.span())).or_default();
            found.docs = format!("A result of `{}`: `{shape}`.", call.name);
            found.value = shape;
        }
    }

    /// The labels that have no rows: of several results, and of statements that could not
    /// be read, of which their authors say what leaves them.
    fn body(&mut self, body: &Body) {
        for item in &body.items {
            match item {
                Item::Broken(broken) => {
                    let Some(expect) = &broken.expect else {
                        continue;
                    };
                    for label in &broken.labels {
                        let label = self.labels.entry(spot(label.span())).or_default();
                        label.value = expect.to_string();
                        label.docs = format!("Declared as `{expect}`.");
                    }
                }
                Item::Statement(statement) => {
                    self.results(statement);
                    let bodies = statement.units.iter().flat_map(|unit| unit.bodies());
                    bodies.for_each(|body| self.body(body));
                }
                Item::Assertion(_) | Item::Let(_) => {}
            }
        }
    }
}

impl Layer {
    /// Its shapes in a line.
    pub(super) fn value(&self) -> String {
        match self.shapes.get(MOST..) {
            Some([_, ..]) => format!("{}; ...", self.shapes[..MOST].join("; ")),
            _ => self.shapes.join("; "),
        }
    }

    /// How its figures come about. In a block, whose word stands for several layers, for
    /// each of those that are not like another.
    pub(super) fn docs(&self) -> String {
        let mut text = String::new();
        for [path, becomes, formulas] in &self.told {
            let _ = match self.copies {
                1 => write!(text, "Here {becomes}:\n\n{formulas}\n\n"),
                _ => write!(text, "In `{path}` {becomes}:\n\n{formulas}\n\n"),
            };
        }
        if self.shapes.len() > MOST {
            let _ = write!(
                text,
                "And on {} other shapes.\n\n",
                self.shapes.len() - MOST
            );
        }
        text
    }

    /// The shapes of one of the values that go in.
    pub(super) fn input(&self, place: usize) -> Option<String> {
        let mut shapes: Vec<&str> = Vec::new();
        for inputs in &self.inputs {
            let shape = inputs.get(place)?;
            if !shapes.contains(&shape.as_str()) {
                shapes.push(shape);
            }
        }
        (!shapes.is_empty()).then(|| shapes.join(", "))
    }
}
