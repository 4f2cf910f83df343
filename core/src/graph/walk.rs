//! The layers of a network and of the networks that are its layers.

use super::path::{Around, FullPath, LeafName};
use crate::graph::{Counts, Graph, Node};
use crate::layer::{Layer, Tensor};
use crate::shape::Shape;

/// The layers of a network, those of its networks in their place.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    /// Whether networks are looked into.
    inside: bool,
    around: Around,
    /// The graph that is gone through, and its next node.
    graph: &'static Graph,
    next: usize,
    /// How many layers and values there were.
    place: usize,
    values: usize,
}

/// A layer that is no network, as if it stood in the outermost network itself.
///
/// Values are numbered as there, too: the network's inputs first, then the
/// results of each of these layers in turn. Without networks as layers, these
/// are the numbers of the [`Graph`].
///
/// ```
/// # use shapewise_core::graph::{DType, Graph, Step, Trace, trace};
/// # use shapewise_core::{Shape, Value, layers};
/// const FEATURES: &[(&str, Value)] = &[("features", Value::Int(8))];
/// const INNER: Trace<2, 3> = trace(
///     &[Shape::new(&[8])],
///     &[
///         &Step::new(layers::linear, FEATURES, &[0], 1, "fc"),
///         &Step::new(layers::relu, &[], &[1], 1, "relu"),
///     ],
/// );
/// const HEAD: &Graph = &Graph {
///     name: "Head",
///     values: &INNER.values,
///     nodes: &INNER.nodes,
///     outputs: &[("y", 2)],
///     // ...
/// #     dtype: DType::F32, inputs: &["x"], statements: &[],
/// };
/// const OUTER: Trace<3, 4> = trace(
///     &[Shape::new(&[8])],
///     &[
///         &Step::network(HEAD, &[0], 1, "first"),
///         &Step::network(HEAD, &[1], 1, "second"),
///         &Step::new(layers::add, &[], &[1, 2], 1, "sum"),
///     ],
/// );
/// const BOTH: &Graph = &Graph {
///     name: "Both",
///     values: &OUTER.values,
///     nodes: &OUTER.nodes,
///     outputs: &[("y", 3)],
///     // ...
/// #     dtype: DType::F32, inputs: &["x"], statements: &[],
/// };
///
/// let leaves: Vec<(String, Vec<usize>, usize)> = BOTH
///     .walk()
///     .map(|leaf| (leaf.path().to_string(), leaf.inputs().collect(), leaf.output()))
///     .collect();
/// assert_eq!(leaves[2], ("second.fc".to_owned(), vec![2], 3));
/// assert_eq!(leaves[4], ("sum".to_owned(), vec![2, 4], 5));
/// assert_eq!(BOTH.values_inside(), 6);
/// assert_eq!(BOTH.value_inside(3), 5);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Leaf {
    /// The graph that it is a node of: its inputs are values of that.
    pub graph: &'static Graph,
    /// The layer.
    pub node: &'static Node,
    around: Around,
    /// Its place among the nodes of its graph.
    index: usize,
    /// Its place among the layers that are walked through.
    place: usize,
    output: usize,
}

impl Graph {
    /// Every layer that is no network: those of a network that is a layer stand
    /// in its place.
    #[must_use]
    pub const fn walk(&'static self) -> Walk {
        Walk {
            inside: true,
            around: Around::NOTHING,
            graph: self,
            next: 0,
            place: 0,
            values: self.inputs.len(),
        }
    }

    /// Every node, networks that are layers among them.
    pub(crate) const fn walk_over(&'static self) -> Walk {
        let mut walk = self.walk();
        walk.inside = false;
        walk
    }

    /// A node as the layer that it is, even if that is a network.
    pub(crate) const fn leaf(&'static self, index: usize) -> Leaf {
        let node = &self.nodes[index];
        Leaf {
            graph: self,
            node,
            around: Around::NOTHING,
            index,
            place: index,
            output: node.output,
        }
    }

    /// Whether one of the layers is a network.
    pub(crate) const fn has_networks(&self) -> bool {
        let mut i = 0;
        while i < self.nodes.len() {
            if let Layer::Subnetwork(_) = self.nodes[i].layer {
                return true;
            }
            i += 1;
        }
        false
    }

    /// How many values there are with the layers of networks in their place: those
    /// of every [`Leaf`]. See [`Leaf`] for an example.
    #[must_use]
    pub const fn values_inside(&self) -> usize {
        self.inputs.len() + results_before(self, self.nodes.len())
    }

    /// The number of a value with the layers of networks in their place.
    #[must_use]
    pub const fn value_inside(&'static self, value: usize) -> usize {
        number(self, Around::NOTHING, self, value)
    }

    /// The layer that makes a value.
    pub(crate) const fn producer(&self, value: usize) -> Option<usize> {
        // The last node whose results begin no later.
        let (mut first, mut end) = (0, self.nodes.len());
        while first < end {
            let middle = usize::midpoint(first, end);
            if self.nodes[middle].output <= value {
                first = middle + 1;
            } else {
                end = middle;
            }
        }
        let Some(index) = first.checked_sub(1) else {
            return None;
        };
        let node = &self.nodes[index];
        if value < node.output + node.step.results {
            Some(index)
        } else {
            None
        }
    }
}

/// How many results the first `end` nodes have, with the layers of networks in
/// their place.
pub(super) const fn results_before(graph: &Graph, end: usize) -> usize {
    let mut results = 0;
    let mut i = 0;
    while i < end {
        let node = &graph.nodes[i];
        results += match &node.layer {
            Layer::Subnetwork(inner) => {
                let inner = inner.graph();
                results_before(inner, inner.nodes.len())
            }
            _ => node.step.results,
        };
        i += 1;
    }
    results
}

/// The number of a value of `graph`, which stands inside of these networks.
const fn number(
    outermost: &'static Graph,
    mut around: Around,
    mut graph: &'static Graph,
    mut value: usize,
) -> usize {
    loop {
        if value < graph.inputs.len() {
            let Some((outer, node)) = around.pop() else {
                return value;
            };
            value = outer.nodes[node].step.inputs[value];
            graph = outer;
            continue;
        }
        let Some(index) = graph.producer(value) else {
            return usize::MAX;
        };
        let node = &graph.nodes[index];
        match &node.layer {
            Layer::Subnetwork(inner) if around.push(graph, index) => {
                graph = inner.graph();
                value = graph.outputs[value - node.output].1;
            }
            _ => {
                let before = around.results_before() + results_before(graph, index);
                return outermost.inputs.len() + before + value - node.output;
            }
        }
    }
}

impl Iterator for Walk {
    type Item = Leaf;

    fn next(&mut self) -> Option<Leaf> {
        loop {
            let (graph, index) = (self.graph, self.next);
            let Some(node) = graph.nodes.get(index) else {
                let (outer, node) = self.around.pop()?;
                (self.graph, self.next) = (outer, node + 1);
                continue;
            };
            if let (Layer::Subnetwork(inner), true) = (&node.layer, self.inside) {
                if self.around.push(graph, index) {
                    (self.graph, self.next) = (inner.graph(), 0);
                } else {
                    self.next += 1;
                }
                continue;
            }
            let leaf = Leaf {
                graph,
                node,
                around: self.around,
                index,
                place: self.place,
                output: self.values,
            };
            self.next += 1;
            self.place += 1;
            self.values += node.results;
            return Some(leaf);
        }
    }
}

impl Leaf {
    /// Its path from the outermost network on: `backbone.layer1.0.conv1`.
    #[must_use]
    pub const fn path(&self) -> FullPath {
        FullPath::within(self.around, self.node.step.path)
    }

    /// The name of one of its tensors from the outermost network on.
    #[must_use]
    pub const fn tensor_name(&self, tensor: &Tensor) -> LeafName {
        LeafName::within(self.around, self.node.tensor_name(tensor))
    }

    /// What it costs. The weights of a network that shares another one's are
    /// counted there.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let shared = self.around.nodes().any(|node| node.shared.is_some());
        if !shared {
            return self.node.counts;
        }
        Counts {
            macs: self.node.counts.macs,
            ..Counts::ZERO
        }
    }

    /// The values that go in.
    pub fn inputs(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        let inputs = self.node.inputs.iter();
        inputs.map(|input| number(self.outermost(), self.around, self.graph, *input))
    }

    /// The first of its results; the others follow.
    #[must_use]
    pub const fn output(&self) -> usize {
        self.output
    }

    /// The shape of one of its results.
    pub(crate) const fn result(&self, result: usize) -> Shape {
        self.graph.values[self.node.output + result]
    }

    /// Elements of its results.
    pub(crate) const fn activations(&self) -> Option<u64> {
        self.graph.activations_of(self.index, self.index + 1)
    }

    /// How many layers are walked through before it.
    pub(crate) const fn place(&self) -> usize {
        self.place
    }

    /// Whether it makes this value.
    pub(crate) const fn makes(&self, value: usize) -> bool {
        self.output <= value && value - self.output < self.node.step.results
    }

    const fn outermost(&self) -> &'static Graph {
        match self.around.outermost() {
            Some(graph) => graph,
            None => self.graph,
        }
    }
}
