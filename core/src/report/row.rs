//! The rows of a report.

use core::fmt::{self, Write as _};

use crate::graph::{Counts, FullPath, Graph, Leaf, Node, Walk};
use crate::report::Summary;
use crate::report::groups::{groups_of, opened, parent, place};
use crate::report::units;
use crate::report::writers::OneLine;
use crate::shape::Shape;

/// What a [`Row`] stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// An input of the network.
    Input,
    /// A statement of the source: a labelled line, a group, a repeat.
    Statement,
    /// One layer.
    Layer,
    /// An output of the network.
    Output,
    /// The whole network.
    Total,
}

impl RowKind {
    /// Its name in machine-readable reports: `statement`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Statement => "statement",
            Self::Layer => "layer",
            Self::Output => "output",
            Self::Total => "total",
        }
    }
}

/// A row of a report: one of [`Summary::rows`].
///
/// All figures are those of one sample, whatever the [batch](Summary::batch).
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Row {
    /// What the row stands for.
    pub kind: RowKind,
    /// The path of the statement's label, the path of the layer in its own network,
    /// the name of the input or output; empty for a statement without a label.
    pub label: &'static str,
    /// The label, and without one where the statement's layers stand: `features.3`.
    /// That of a layer begins with the paths of the networks that contain it.
    pub path: FullPath,
    /// The units of the statement as they were written, else empty;
    /// [`Row::units`] has the text of layers too.
    pub text: &'static str,
    /// How many rows above contain this one.
    pub depth: usize,
    /// Whether the rows of what is inside follow: their figures are in this
    /// row's, too.
    pub opened: bool,
    /// How many times the statement is repeated; all figures are of all copies.
    pub copies: usize,
    /// The shape that enters; `None` for the total.
    pub input: Option<Shape>,
    /// The shape that leaves; `None` for the total.
    pub output: Option<Shape>,
    /// What the row costs, for one sample.
    pub counts: Counts,
    /// The layers of the row.
    pub nodes: &'static [Node],
    /// The path of the row that contains this one; empty at the outermost level.
    pub parent: &'static str,
    pub(super) summary: Summary,
    /// The place of the first of `nodes` among the layers of the report; of an
    /// input or output its own place among them.
    pub(super) first: usize,
    /// The layer of a report in which the layers of networks stand in their place:
    /// values are numbered as it has them.
    pub(super) leaf: Option<Leaf>,
    /// The value that enters, where no layer says it.
    pub(super) enters: Option<usize>,
    /// The value that leaves, `None` for the total.
    pub(super) leaves: Option<usize>,
    /// The parameters of the whole network, of which the row's are a share.
    pub(super) whole: u64,
}

impl Row {
    /// What the row is made of: `conv(96, 11x11, stride = 4), relu` as it was
    /// written, for a layer written from its catalogue entry and its arguments.
    pub fn units(&self) -> impl fmt::Display + '_ {
        fmt::from_fn(|f| match (self.kind, self.nodes) {
            (RowKind::Layer, [node]) => units::write_call(self, node, f),
            (RowKind::Input | RowKind::Output, _) => f.write_str(self.kind.name()),
            _ => OneLine::new(f).write_str(self.text),
        })
    }

    /// The names of the values that go in from outside of the row, the first
    /// reader's first: labels, names of inputs, paths of layers.
    pub fn connected(&self) -> impl fmt::Display + '_ {
        fmt::from_fn(|f| {
            for (i, value) in self.sources().enumerate() {
                if i > 0 {
                    f.write_str(", ")?;
                }
                units::write_value_name(&self.summary, value, f)?;
            }
            Ok(())
        })
    }

    /// The path without the part that the row above it has already.
    #[must_use]
    pub fn short_path(&self) -> FullPath {
        self.path.below(self.parent)
    }

    /// Whether all costs are known; without that, they are lower bounds.
    #[must_use]
    pub fn exact(&self) -> bool {
        self.nodes.iter().all(Node::exact)
    }

    /// Elements of the results of all layers of the row, for one sample; `None`
    /// when the sum does not fit 64 bits.
    #[must_use]
    pub fn activations(&self) -> Option<u64> {
        let graph = self.summary.graph;
        match (&self.leaf, self.kind) {
            (Some(leaf), _) => leaf.activations(),
            (None, RowKind::Total) => graph.activations_of(0, graph.nodes().len()),
            (None, _) => graph.activations_of(self.first, self.first + self.nodes.len()),
        }
    }

    /// The values that go into one of the row's layers.
    pub(super) fn inputs_of<'a>(&'a self, node: &'a Node) -> impl Iterator<Item = usize> + 'a {
        let inputs = if self.leaf.is_some() {
            &[]
        } else {
            node.inputs
        };
        let leaf = self.leaf.iter().flat_map(Leaf::inputs);
        inputs.iter().copied().chain(leaf)
    }

    /// The values that go in from outside of the row, each once.
    pub(super) fn sources(&self) -> impl Iterator<Item = usize> + '_ {
        // Values are numbered in the order of the nodes, so that those from
        // outside are the ones before the row's first.
        let (nodes, inside) = match &self.leaf {
            Some(leaf) => (&[][..], leaf.output()),
            None => (self.nodes, self.nodes.first().map_or(0, |node| node.output)),
        };
        let read = move || {
            let reads = nodes.iter().flat_map(|node| node.inputs).copied();
            let reads = reads.chain(self.leaf.iter().flat_map(Leaf::inputs));
            reads.filter(move |value| *value < inside)
        };
        let passed = match self.kind {
            RowKind::Statement | RowKind::Output if self.nodes.is_empty() => self.enters,
            _ => None,
        };
        let shown = self.kind != RowKind::Total;
        let first_time = move |(i, value): &(usize, usize)| !read().take(*i).any(|v| v == *value);
        read()
            .enumerate()
            .filter(first_time)
            .map(|(_, value)| value)
            .chain(passed)
            .filter(move |_| shown)
    }
}

/// The rows of a [`Summary`], from top to bottom.
#[derive(Clone, Debug)]
pub struct Rows {
    summary: Summary,
    whole: Counts,
    next: Next,
    /// The next statement, and the next layer that no row has shown.
    statement: usize,
    node: usize,
    /// The layers that follow where those of networks stand in their place.
    leaves: Walk,
}

/// Which part of the report comes next.
#[derive(Clone, Copy, Debug)]
enum Next {
    Input(usize),
    Body,
    Output(usize),
    Total,
    End,
}

impl Rows {
    pub(super) fn new(summary: Summary) -> Self {
        Self {
            summary,
            whole: summary.graph.counts(),
            next: Next::Input(0),
            statement: 0,
            node: 0,
            leaves: summary.leaves(),
        }
    }

    fn graph(&self) -> &'static Graph {
        self.summary.graph
    }

    /// A row that costs nothing and has no layers.
    fn plain(&self, kind: RowKind, label: &'static str, value: Option<usize>) -> Row {
        let shape = value.map(|value| self.graph().values()[value]);
        let value = value.map(|value| self.summary.number_of(value));
        Row {
            kind,
            label,
            path: FullPath::new(label),
            text: "",
            depth: 0,
            opened: false,
            copies: 1,
            input: shape,
            output: shape,
            counts: Counts::ZERO,
            nodes: &[],
            parent: "",
            summary: self.summary,
            first: 0,
            leaf: None,
            enters: value,
            leaves: value,
            whole: self.whole.params(),
        }
    }

    pub(super) fn statement_row(&self, index: usize) -> Row {
        let graph = self.graph();
        let statement = &graph.statements()[index];
        let (first, end) = statement.nodes;
        Row {
            path: FullPath::new(place(graph, index)),
            text: statement.text,
            depth: statement.depth,
            opened: opened(&self.summary, index),
            copies: statement.copies,
            input: Some(graph.values()[statement.input]),
            enters: Some(statement.input),
            leaves: Some(statement.output),
            // A part of the whole, which was found to fit.
            counts: graph.counts_of(first, end).unwrap_or(self.whole),
            nodes: &graph.nodes()[first..end],
            parent: parent(graph, index).map_or("", |index| place(graph, index)),
            first,
            ..self.plain(RowKind::Statement, statement.label, Some(statement.output))
        }
    }

    fn layer_row(&self, index: usize) -> Row {
        let graph = self.graph();
        let node = &graph.nodes()[index];
        let enters = node.inputs.first().copied();
        let group = groups_of(&self.summary, index).last();
        Row {
            depth: group.map_or(0, |(_, group)| group.depth + 1),
            input: enters.map(|value| graph.values()[value]),
            enters,
            counts: node.counts,
            nodes: &graph.nodes()[index..=index],
            parent: group.map_or("", |(index, _)| place(graph, index)),
            first: index,
            ..self.plain(RowKind::Layer, node.path, Some(node.output))
        }
    }

    fn leaf_row(&self, leaf: Leaf) -> Row {
        let enters = leaf.node.inputs.first();
        let leaves = leaf.result(0);
        Row {
            path: leaf.path(),
            input: enters.map(|value| leaf.graph.values()[*value]),
            output: Some(leaves),
            enters: leaf.inputs().next(),
            leaves: Some(leaf.output()),
            counts: leaf.counts(),
            nodes: core::slice::from_ref(leaf.node),
            first: leaf.place(),
            leaf: Some(leaf),
            ..self.plain(RowKind::Layer, leaf.node.path, None)
        }
    }

    /// The next statement that is shown.
    fn next_statement(&self) -> Option<usize> {
        let statements = self.graph().statements();
        (self.statement..statements.len()).find(|&i| self.summary.shows(&statements[i]))
    }

    /// The next row of the network's body: a statement, or a layer that is in a
    /// group that was opened, but in none of its statements.
    fn next_in_body(&mut self) -> Option<Row> {
        if self.summary.inside {
            return self.leaves.next().map(|leaf| self.leaf_row(leaf));
        }
        let graph = self.graph();
        let statement = self.next_statement();
        let before = statement.map_or(graph.nodes().len(), |i| graph.statements()[i].nodes.0);
        while self.node < before {
            let node = self.node;
            self.node += 1;
            // Of a repeat it may be that only the first copy has statements.
            if groups_of(&self.summary, node).all(|(_, group)| group.copies == 1) {
                return Some(self.layer_row(node));
            }
        }
        let statement = statement?;
        self.statement = statement + 1;
        let row = self.statement_row(statement);
        if !row.opened {
            self.node = self.node.max(graph.statements()[statement].nodes.1);
        }
        Some(row)
    }
}

impl Iterator for Rows {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        let graph = self.graph();
        loop {
            match self.next {
                Next::Input(i) if self.summary.input_row && i < graph.inputs().len() => {
                    self.next = Next::Input(i + 1);
                    let row = self.plain(RowKind::Input, graph.inputs()[i], Some(i));
                    return Some(Row { first: i, ..row });
                }
                Next::Input(_) => self.next = Next::Body,
                Next::Body => match self.next_in_body() {
                    Some(row) => return Some(row),
                    None => self.next = Next::Output(0),
                },
                Next::Output(i) if self.summary.output_row && i < graph.outputs().len() => {
                    self.next = Next::Output(i + 1);
                    let (name, value) = graph.outputs()[i];
                    let row = self.plain(RowKind::Output, name, Some(value));
                    return Some(Row { first: i, ..row });
                }
                Next::Output(_) => self.next = Next::Total,
                Next::Total => {
                    self.next = Next::End;
                    if self.summary.total_row {
                        return Some(Row {
                            counts: self.whole,
                            nodes: graph.nodes(),
                            ..self.plain(RowKind::Total, "Total", None)
                        });
                    }
                }
                Next::End => return None,
            }
        }
    }
}
