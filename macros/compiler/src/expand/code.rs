//! A network as literals, its layers each different one once.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt::Write as _;

use proc_macro2::Literal;
use shapewise_core::graph::DType;
use shapewise_core::graph::code::{PIECE, Writer};

use super::graph::Networks;
use crate::graph::{Node, Resolved};

/// A network as `core` reads it: see [`code`](shapewise_core::graph::code).
#[derive(Default)]
pub(super) struct Code<'g> {
    /// The numbers, written so far.
    numbers: Vec<u8>,
    /// The texts.
    pub(super) texts: Vec<String>,
    /// How many of the texts stand by themselves: nothing is added to them.
    whole: usize,
    /// How many layers are different.
    pub(super) different: usize,
    /// The renamed tensors of these.
    pub(super) renamed: Vec<&'g (String, String)>,
    /// The networks among them.
    pub(super) networks: Networks<'g>,
}

impl<'g> Code<'g> {
    /// The code of a graph.
    pub(super) fn of(graph: &'g Resolved) -> Self {
        let mut code = Self {
            networks: Networks::of(graph),
            ..Self::default()
        };
        // Where only rustc knows shapes, these are expressions.
        if graph.symbols.is_none() {
            code.ports(graph);
        }
        code.layers(graph);
        code.statements(graph);
        let mut first = std::mem::take(&mut code.numbers);
        code.number(first.len());
        code.numbers.append(&mut first);
        let mut last = 0;
        for input in coded(graph).flat_map(|(_, node)| &node.step.inputs) {
            code.writer().near(*input, last);
            last = *input;
        }
        code
    }

    /// The numbers.
    pub(super) fn literal(&self) -> Literal {
        Literal::byte_string(&self.numbers)
    }

    fn ports(&mut self, graph: &Resolved) {
        self.texts.push(graph.name.clone());
        self.texts.extend(graph.inputs.iter().cloned());
        self.whole = self.texts.len();
        let dtype = DType::ALL
            .iter()
            .position(|(_, dtype)| *dtype == graph.dtype);
        self.number(dtype.unwrap_or_default());
        self.number(graph.inputs.len());
        for (name, value) in &graph.outputs {
            self.text(name);
            self.number(*value);
        }
        for input in graph.values.iter().take(graph.inputs.len()) {
            self.writer().extents(&input.shape.extents());
        }
    }

    fn layers(&mut self, graph: &'g Resolved) {
        // Const evaluation is a few hundred times slower than this, and need not
        // run the same rules on the same numbers again.
        let mut different: HashMap<String, usize> = HashMap::new();
        for (index, node) in coded(graph) {
            match different.entry(key(graph, index, node)) {
                Entry::Occupied(earlier) => self.number(earlier.get() + 1),
                Entry::Vacant(new) => {
                    new.insert(index);
                    self.number(0);
                    self.step(node);
                }
            }
            self.number(node.step.inputs.len());
            self.text(&node.step.path);
        }
        self.different = different.len();
    }

    /// What a layer is, without what goes in and its path.
    fn step(&mut self, node: &'g Node) {
        let mut arguments = Vec::new();
        let written = match node.step.is_given() {
            true => &[][..],
            false => &node.step.arguments,
        };
        for (name, value) in written {
            Writer(|byte| arguments.push(byte)).argument(node.step.entry, name, value);
        }
        self.writer().kind(node.step.entry.kind);
        self.number(node.results);
        self.number(node.step.shared.map_or(0, |owner| owner + 1));
        self.number(node.step.renamed.len());
        self.renamed.extend(&node.step.renamed);
        self.number(written.len());
        self.number(arguments.len());
        self.numbers.append(&mut arguments);
        if let Some(place) = self.networks.place(&node.step) {
            self.number(place);
        }
    }

    fn statements(&mut self, graph: &Resolved) {
        // Const evaluation takes long to cut a text out of others.
        let paths = graph.nodes.iter().enumerate();
        let paths: HashMap<&str, usize> = paths
            .map(|(i, node)| (node.step.path.as_str(), i))
            .collect();
        let mut texts = HashMap::new();
        let mut first = 0;
        for (index, statement) in graph.statements.iter().enumerate() {
            self.writer().near(statement.nodes.0, first);
            first = statement.nodes.0;
            self.number(statement.nodes.1 - first);
            match paths.get(statement.path.as_str()) {
                Some(node) => self.number(node + 1),
                None => {
                    self.number(0);
                    self.text(&statement.path);
                }
            }
            match texts.entry(statement.text.as_str()) {
                Entry::Occupied(other) => self.number(other.get() + 1),
                Entry::Vacant(new) => {
                    new.insert(index);
                    self.number(0);
                    self.text(&statement.text);
                }
            }
            self.number(statement.form.number());
            self.number(statement.depth);
            self.number(statement.copies);
            self.writer().near(statement.input, first);
            self.writer().near(statement.output, statement.nodes.1);
        }
    }

    fn writer(&mut self) -> Writer<impl FnMut(u8)> {
        Writer(|byte| self.numbers.push(byte))
    }

    fn number(&mut self, number: usize) {
        self.writer().number(number);
    }

    /// Adds a text, and its length to the numbers.
    fn text(&mut self, text: &str) {
        match self.texts.get_mut(self.whole..) {
            Some([.., last]) if last.len() + text.len() <= PIECE => last.push_str(text),
            _ => self.texts.push(text.to_owned()),
        }
        self.number(text.len());
    }
}

/// The layers that are in the code: all but those of the user's own.
pub(super) fn coded(graph: &Resolved) -> impl Iterator<Item = (usize, &Node)> {
    let nodes = graph.nodes.iter().enumerate();
    nodes.filter(|(_, node)| node.step.is_coded())
}

/// What is equal for layers that are the same but for their place.
fn key(graph: &Resolved, index: usize, node: &Node) -> String {
    // What a layer costs that shares a weight is not what it costs alone, what
    // another network costs is known already, and an expression may be any number.
    let own = node.step.ready.is_some() || node.step.is_given();
    if node.step.shared.is_some() || own {
        return format!("{index}");
    }
    let mut key = format!(
        "{} {:?} {:?}",
        node.step.entry.name, node.step.arguments, node.step.renamed
    );
    for input in &node.step.inputs {
        // Writing to a string cannot fail.
        let _ = write!(key, " {}", graph.values[*input].shape);
    }
    // A layer that uses fewer results keeps fewer shapes to copy.
    let _ = write!(key, " {}", node.results);
    key
}
