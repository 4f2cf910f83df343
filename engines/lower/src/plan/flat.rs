//! The layers of a network and of the networks that are its layers, in one row.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use shapewise_core::Shape;
use shapewise_core::graph::{Graph, Node};
use shapewise_core::layer::{Role, Tensor};

use crate::weights::{self, Weight};

/// A layer in its place.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) path: String,
    pub(crate) node: &'static Node,
    /// The values that go in.
    pub(crate) inputs: Vec<usize>,
    /// Their shapes in the notation.
    pub(crate) shapes: Vec<Shape>,
    /// The first value that comes out.
    pub(crate) output: usize,
    /// Its own tensors by their names, and which of the network's they are.
    pub(crate) tensors: HashMap<String, usize>,
}

impl Placed {
    /// The values that come out.
    pub(crate) fn results(&self) -> Range<usize> {
        self.output..self.output + self.node.results
    }
}

/// The layers of networks in one row.
#[derive(Default)]
pub(crate) struct Flat {
    pub(crate) layers: Vec<Placed>,
    pub(crate) shapes: Vec<Shape>,
    pub(crate) outputs: Vec<usize>,
    pub(crate) weights: Vec<Weight>,
    pub(crate) labels: BTreeMap<String, usize>,
    /// Which tensor has a name already.
    named: HashMap<String, usize>,
}

impl Flat {
    /// All of a network.
    pub(crate) fn of(graph: &'static Graph) -> Self {
        let inputs: Vec<_> = (0..graph.inputs().len()).collect();
        let mut flat = Self {
            shapes: graph.values()[..inputs.len()].to_vec(),
            ..Self::default()
        };
        let values = flat.add(graph, &inputs, "", "");
        let outputs = graph.outputs().iter();
        flat.outputs = outputs.map(|output| values[output.1]).collect();
        flat
    }

    /// Adds the layers of a network whose inputs are these values, under paths that
    /// begin with `prefix` and tensors stored under `stored`. Returns what each of
    /// its values is.
    fn add(
        &mut self,
        graph: &'static Graph,
        inputs: &[usize],
        prefix: &str,
        stored: &str,
    ) -> Vec<usize> {
        let mut values = inputs.to_vec();
        for node in graph.nodes() {
            let inputs: Vec<_> = node.inputs.iter().map(|&input| values[input]).collect();
            let path = format!("{prefix}{}", node.path);
            if let Some(inner) = graph.inner(node) {
                let owner = weights::owner(graph, node);
                let made = self.add(
                    inner,
                    &inputs,
                    &format!("{path}."),
                    &format!("{stored}{}.", owner.path),
                );
                let outputs = inner.outputs().iter().take(node.results);
                values.extend(outputs.map(|output| made[output.1]));
                continue;
            }
            let output = self.shapes.len();
            let results = node.output..node.output + node.results;
            self.shapes.extend(&graph.values()[results]);
            values.extend(output..output + node.results);
            let tensors = self.tensors(graph, node, stored);
            let shapes = inputs.iter().map(|&input| self.shapes[input]).collect();
            self.layers.push(Placed {
                path,
                node,
                inputs,
                shapes,
                output,
                tensors,
            });
        }
        for statement in graph.statements() {
            if !statement.label.is_empty() {
                let label = format!("{prefix}{}", statement.label);
                self.labels.insert(label, values[statement.output]);
            }
        }
        values
    }

    fn tensors(
        &mut self,
        graph: &'static Graph,
        node: &'static Node,
        stored: &str,
    ) -> HashMap<String, usize> {
        let owner = weights::owner(graph, node);
        let mut own = HashMap::new();
        for (index, tensor) in node.tensors().enumerate() {
            // Shared weights have the name that they have where they are stored.
            let (layer, name) = match (tensor.role, owner.layer.tensor(index)) {
                (Role::Weight, Some(first)) => (owner, owner.tensor_name(&first)),
                _ => (node, node.tensor_name(&tensor)),
            };
            let full = format!("{stored}{name}");
            let others = |tensor: &Tensor| format!("{stored}{}", layer.tensor_name(tensor));
            let place = self.place(full, || weights::of(&layer.layer, &tensor, &others));
            own.insert(tensor.name.to_string(), place);
        }
        if let Some(counter) = weights::counter(&node.layer) {
            let full = format!("{stored}{}.{}", node.path, weights::COUNTER);
            let place = self.place(full, || counter);
            own.insert(weights::COUNTER.to_owned(), place);
        }
        own
    }

    /// The place of a tensor of this name.
    fn place(&mut self, name: String, weight: impl FnOnce() -> Weight) -> usize {
        if let Some(place) = self.named.get(&name) {
            return *place;
        }
        let place = self.weights.len();
        let mut weight = weight();
        weight.name.clone_from(&name);
        self.weights.push(weight);
        self.named.insert(name, place);
        place
    }
}
