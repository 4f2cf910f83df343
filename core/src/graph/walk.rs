//! The layers of a network and of the networks that are its layers.

use super::inside::{Spot, at_value};
use super::path::{Around, FullPath, LeafName};
use crate::graph::{Counts, Graph, Node};
use crate::layer::Tensor;
use crate::shape::Shape;

/// The layers of a network, those of its networks in their place.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    outermost: &'static Graph,
    /// Whether networks are looked into.
    inside: bool,
    /// The network that is gone through, and its next node.
    spot: Spot<'static>,
    next: usize,
}

/// A layer that is no network, as if it stood in the outermost network itself.
///
/// Values are numbered as there, too: the network's inputs first, then the
/// results of each of these layers in turn. Without networks as layers, these
/// are the numbers of the [`Graph`].
///
/// ```
/// # use shapewise_core::graph::{DType, Graph, Step, Trace, trace, trace_with};
/// # use shapewise_core::{Shape, Value, layers};
/// const FEATURES: &[(&str, Value)] = &[("features", Value::Int(8))];
/// static INNER: Trace<2, 3> = trace(
///     &[Shape::new(&[8])],
///     &[
///         &Step::new(layers::linear, FEATURES, &[0], 1, "fc"),
///         &Step::new(layers::relu, &[], &[1], 1, "relu"),
///     ],
/// );
/// static HEAD: Graph = Graph::new("Head", DType::F32, &["x"], &INNER, &[("y", 2)]);
/// static OUTER: Trace<3, 4> = trace_with(
///     &[&HEAD],
///     &[Shape::new(&[8])],
///     &[
///         &Step::network(0, &[0], 1, "first"),
///         &Step::network(0, &[1], 1, "second"),
///         &Step::new(layers::add, &[], &[1, 2], 1, "sum"),
///     ],
/// );
/// static BOTH: Graph =
///     Graph::containing(&[&HEAD], "Both", DType::F32, &["x"], &OUTER, &[("y", 3)]);
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
    outermost: &'static Graph,
    /// Whether networks were looked into.
    inside: bool,
    spot: Spot<'static>,
    /// Its place among the nodes of its graph.
    index: usize,
}

impl Graph {
    /// Every layer that is no network: those of a network that is a layer stand
    /// in its place.
    #[must_use]
    pub const fn walk(&'static self) -> Walk {
        Walk {
            outermost: self,
            inside: true,
            spot: Spot::outermost(self),
            next: 0,
        }
    }

    /// Every node, networks that are layers among them.
    pub(crate) const fn walk_over(&'static self) -> Walk {
        let mut walk = self.walk();
        walk.inside = false;
        walk
    }

    /// The layer that makes a value, by its number with the layers of networks in their
    /// place, if it is no input.
    pub(crate) const fn leaf_of(&'static self, value: usize) -> Option<Leaf> {
        if value < self.inputs().len() || value >= self.values_inside() {
            return None;
        }
        let (spot, index) = at_value(self, value);
        Some(Leaf {
            graph: spot.graph,
            node: &spot.graph.nodes()[index],
            outermost: self,
            inside: true,
            spot,
            index,
        })
    }

    /// A node as the layer that it is, even if that is a network.
    pub(crate) const fn leaf(&'static self, index: usize) -> Leaf {
        Leaf {
            graph: self,
            node: &self.nodes()[index],
            outermost: self,
            inside: false,
            spot: Spot::outermost(self),
            index,
        }
    }
}

impl Iterator for Walk {
    type Item = Leaf;

    fn next(&mut self) -> Option<Leaf> {
        loop {
            let (spot, index) = (self.spot, self.next);
            let Some(node) = spot.graph.nodes().get(index) else {
                let (around, node) = spot.leave(self.outermost)?;
                (self.spot, self.next) = (around, node + 1);
                continue;
            };
            if self.inside
                && let Some(network) = spot.enter(index)
            {
                (self.spot, self.next) = (network, 0);
                continue;
            }
            self.next += 1;
            return Some(Leaf {
                graph: spot.graph,
                node,
                outermost: self.outermost,
                inside: self.inside,
                spot,
                index,
            });
        }
    }
}

impl Leaf {
    /// Its path from the outermost network on: `backbone.layer1.0.conv1`.
    #[must_use]
    pub const fn path(&self) -> FullPath {
        FullPath::within(self.around(), self.node.step.path)
    }

    /// The name of one of its tensors from the outermost network on.
    #[must_use]
    pub const fn tensor_name(&self, tensor: &Tensor) -> LeafName {
        LeafName::within(self.around(), self.node.tensor_name(tensor))
    }

    /// What it costs. The weights of a network that shares another one's are
    /// counted there.
    #[must_use]
    pub fn counts(&self) -> Counts {
        if !self.is_shared() {
            return self.node.counts;
        }
        Counts {
            macs: self.node.counts.macs,
            ..Counts::ZERO
        }
    }

    /// Whether a network that it is in has the weights of another one.
    fn is_shared(&self) -> bool {
        self.around().nodes().any(|node| node.shared.is_some())
    }

    /// The values that go in.
    pub fn inputs(&self) -> impl Iterator<Item = usize> + Clone + '_ {
        let inputs = self.node.inputs.iter();
        inputs.map(|input| {
            if self.inside {
                self.spot.number(self.outermost, *input)
            } else {
                *input
            }
        })
    }

    /// The first of its results; the others follow.
    #[must_use]
    pub const fn output(&self) -> usize {
        if self.inside {
            self.spot.value_of(self.index)
        } else {
            self.node.output
        }
    }

    /// The shape of one of its results.
    pub(crate) const fn result(&self, result: usize) -> Shape {
        self.graph.values()[self.node.output + result]
    }

    /// Elements of its results.
    pub(crate) const fn activations(&self) -> Option<u64> {
        self.graph.activations_of(self.index, self.index + 1)
    }

    /// How many layers are walked through before it.
    pub(crate) const fn place(&self) -> usize {
        if self.inside {
            self.spot.layer_of(self.index)
        } else {
            self.index
        }
    }

    const fn around(&self) -> Around {
        Around::of(self.outermost, self.spot)
    }
}
