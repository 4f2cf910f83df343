//! The layers of a network as literals, each different one once.

use std::collections::HashMap;
use std::fmt::Write as _;

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use shapewise_core::graph::code::{PIECE, Writer};

use crate::resolve::graph::{Node, Resolved};

/// The lists of a [`Code`](shapewise_core::graph::code::Code).
pub(super) struct Lists<'g> {
    /// What goes into the layers.
    pub(super) values: Literal,
    /// The layers.
    pub(super) layers: Literal,
    /// Their paths.
    pub(super) paths: TokenStream,
    /// The statements.
    pub(super) rows: Literal,
    /// Their labels and texts.
    pub(super) texts: TokenStream,
    /// How many values go into the layers.
    pub(super) inputs: usize,
    /// The renamed tensors of the different layers.
    pub(super) renaming: Vec<&'g (String, String)>,
}

/// The layers and statements of a graph.
pub(super) fn of(graph: &Resolved) -> Lists<'_> {
    let mut values = Bytes::default();
    let (mut layers, mut paths) = (Bytes::default(), Texts::default());
    let (mut rows, mut texts) = (Bytes::default(), Texts::default());
    for input in graph.values.iter().take(graph.inputs.len()) {
        layers.writer().extents(&input.shape.extents());
    }
    // Const evaluation is a few hundred times slower than this, and need not run
    // the same rules on the same numbers again.
    let mut renaming = Vec::new();
    let mut different: HashMap<String, usize> = HashMap::new();
    for (index, node) in graph.nodes.iter().enumerate() {
        let next = different.len();
        let which = *different.entry(key(graph, index, node)).or_insert(next);
        layers.number(which);
        if which == next {
            step(node, &mut layers);
            renaming.extend(&node.renamed);
        }
        layers.number(node.inputs.len());
        for input in &node.inputs {
            values.number(*input);
        }
        layers.number(paths.push(&node.path));
    }
    for statement in &graph.statements {
        for number in [
            texts.push(&statement.path),
            texts.push(&statement.text),
            statement.depth,
            statement.copies,
            statement.nodes.0,
            statement.nodes.1,
            statement.input,
            statement.output,
        ] {
            rows.number(number);
        }
    }
    Lists {
        values: values.literal(),
        layers: layers.literal(),
        paths: paths.tokens(),
        rows: rows.literal(),
        texts: texts.tokens(),
        inputs: graph.nodes.iter().map(|node| node.inputs.len()).sum(),
        renaming,
    }
}

/// What a layer is, without what goes in and its path.
fn step(node: &Node, layers: &mut Bytes) {
    let mut arguments = Bytes::default();
    for (name, value) in &node.arguments {
        arguments.writer().argument(node.entry, name, value);
    }
    layers.writer().kind(node.entry.kind);
    layers.number(node.results);
    layers.number(node.shared.map_or(0, |owner| owner + 1));
    layers.number(node.renamed.len());
    layers.number(node.arguments.len());
    layers.number(arguments.0.len());
    layers.0.extend(arguments.0);
}

/// What is equal for layers that are the same but for their place.
fn key(graph: &Resolved, index: usize, node: &Node) -> String {
    // What a layer costs that shares a weight is not what it costs alone, and
    // what another network costs is known already.
    if node.shared.is_some() || node.ready.is_some() {
        return format!("{index}");
    }
    let mut key = format!(
        "{} {:?} {:?}",
        node.entry.name, node.arguments, node.renamed
    );
    for input in &node.inputs {
        // Writing to a string cannot fail.
        let _ = write!(key, " {}", graph.values[*input].shape);
    }
    // A layer that uses fewer results keeps fewer shapes to copy.
    let _ = write!(key, " {}", node.results);
    key
}

/// Numbers as bytes.
#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn writer(&mut self) -> Writer<impl FnMut(u8)> {
        Writer(|byte| self.0.push(byte))
    }

    fn number(&mut self, number: usize) {
        self.writer().number(number);
    }

    fn literal(&self) -> Literal {
        Literal::byte_string(&self.0)
    }
}

/// Texts in pieces.
#[derive(Default)]
struct Texts(Vec<String>);

impl Texts {
    /// Adds a text, and says how many bytes it has.
    fn push(&mut self, text: &str) -> usize {
        match self.0.last_mut() {
            Some(last) if last.len() + text.len() <= PIECE => last.push_str(text),
            _ => self.0.push(text.to_owned()),
        }
        text.len()
    }

    fn tokens(&self) -> TokenStream {
        let pieces = &self.0;
        quote!(&[#(#pieces),*])
    }
}
