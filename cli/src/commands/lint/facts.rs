//! A network's layers, with what reads each value.

use shapewise_compiler::graph::{Node, Resolved};
use shapewise_core::{Shape, Value};

/// What is asked of a network.
#[derive(Debug)]
pub(super) struct Facts<'g> {
    pub(super) graph: &'g Resolved,
    /// The layers that read each value.
    readers: Vec<Vec<usize>>,
}

impl<'g> Facts<'g> {
    pub(super) fn of(graph: &'g Resolved) -> Self {
        let mut readers = vec![Vec::new(); graph.values.len()];
        for (index, node) in graph.nodes.iter().enumerate() {
            for input in &node.step.inputs {
                if let Some(readers) = readers.get_mut(*input) {
                    readers.push(index);
                }
            }
        }
        Self { graph, readers }
    }

    /// The layers, with their numbers.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &'g Node> + use<'g> {
        self.graph.nodes.iter()
    }

    /// The layers that read the first value that a layer makes.
    pub(super) fn readers(&self, node: &Node) -> impl Iterator<Item = &'g Node> + '_ {
        let readers = self.readers.get(node.step.output);
        let readers = readers.map_or(&[][..], Vec::as_slice);
        readers
            .iter()
            .filter_map(|index| self.graph.nodes.get(*index))
    }

    /// How often a value is read, by layers and as an output.
    pub(super) fn uses(&self, value: usize) -> usize {
        let outputs = self.graph.outputs.iter();
        let outputs = outputs.filter(|(_, output)| *output == value).count();
        self.readers.get(value).map_or(0, Vec::len) + outputs
    }

    /// The only layer that reads what a layer makes, where that is no output.
    pub(super) fn next(&self, node: &Node) -> Option<&'g Node> {
        if node.results != 1 || self.uses(node.step.output) != 1 {
            return None;
        }
        self.readers(node).next()
    }

    /// The same, with layers passed over that change nothing at inference.
    pub(super) fn next_that_does(&self, node: &Node) -> Option<&'g Node> {
        let mut next = self.next(node)?;
        while matches!(name(next), "dropout" | "identity" | "stochastic_depth") {
            next = self.next(next)?;
        }
        Some(next)
    }

    /// The shape of one of a layer's inputs, where it is known.
    pub(super) fn input(&self, node: &Node, index: usize) -> Option<Shape> {
        self.shape(*node.step.inputs.get(index)?)
    }

    /// The shape of what a layer makes, where it is known.
    pub(super) fn output(&self, node: &Node) -> Option<Shape> {
        self.shape(node.step.output)
    }

    fn shape(&self, value: usize) -> Option<Shape> {
        let value = self.graph.values.get(value)?;
        (!value.symbolic).then_some(value.shape)
    }
}

/// The layer's name.
pub(super) fn name(node: &Node) -> &'static str {
    match node.step.ready {
        None => node.step.entry.name,
        Some(_) => "",
    }
}

/// An argument that was written.
pub(super) fn argument(node: &Node, name: &str) -> Option<Value> {
    let arguments = node.step.arguments.iter();
    let mut named = arguments.filter(|(own, _)| *own == name);
    named.next().map(|(_, value)| *value)
}

/// A number for each axis: `2` or `2x1`.
pub(super) fn per_axis(value: Option<Value>, axes: usize) -> Option<Vec<usize>> {
    match value? {
        Value::Int(value) => Some(vec![usize::try_from(value).ok()?; axes]),
        Value::Extents(extents) if extents.len() == axes => Some(extents.as_slice().to_vec()),
        _ => None,
    }
}

/// Whether it has a whole product with learned weights, ungrouped.
pub(super) fn is_product(node: &Node) -> bool {
    let grouped = argument(node, "groups").is_some_and(|groups| groups != Value::Int(1));
    matches!(name(node), "conv" | "linear") && !grouped && node.step.shared.is_none()
}
