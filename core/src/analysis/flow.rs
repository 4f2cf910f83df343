//! What the analyses read: a graph, or slices of the same content.

use super::inline::Placed;
use crate::graph::{Graph, MAX_INPUTS};
use crate::layer::Layer;
use crate::shape::Shape;

/// A network for analyses: its values, its layers and how they are connected.
///
/// Values are numbered as in a [`Graph`]: the inputs first, then the results of
/// each layer in turn.
#[derive(Clone, Copy, Debug)]
pub struct Flow<'a> {
    source: Source<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Source<'a> {
    Graph(&'a Graph),
    Parts {
        inputs: usize,
        shapes: &'a [Shape],
        links: &'a [Link<'a>],
        outputs: &'a [usize],
    },
    /// The layers of networks in their place.
    Inline {
        inputs: usize,
        shapes: &'a [&'a Shape],
        placed: &'a [Placed<'a>],
        reads: &'a [usize],
        outputs: &'a [usize],
    },
}

/// A layer and what goes in and out.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The layer.
    pub layer: &'a Layer,
    /// Which values go in.
    pub inputs: &'a [usize],
    /// The first of its results; the others follow.
    pub output: usize,
    /// How many results it has.
    pub results: usize,
    /// Its multiply-accumulates.
    pub macs: u64,
    /// What is inside of it, where it is a network and that is known.
    pub inside: Option<Flow<'a>>,
}

impl<'a> Flow<'a> {
    /// The flow of a graph.
    #[must_use]
    pub const fn of(graph: &'a Graph) -> Self {
        Self {
            source: Source::Graph(graph),
        }
    }

    /// A flow of these parts: how many of the values are inputs, the shape of
    /// every value, the layers in topological order, which values are outputs.
    #[must_use]
    pub const fn new(
        inputs: usize,
        shapes: &'a [Shape],
        links: &'a [Link<'a>],
        outputs: &'a [usize],
    ) -> Self {
        Self {
            source: Source::Parts {
                inputs,
                shapes,
                links,
                outputs,
            },
        }
    }

    pub(super) const fn inline(
        inputs: usize,
        shapes: &'a [&'a Shape],
        placed: &'a [Placed<'a>],
        reads: &'a [usize],
        outputs: &'a [usize],
    ) -> Self {
        Self {
            source: Source::Inline {
                inputs,
                shapes,
                placed,
                reads,
                outputs,
            },
        }
    }

    /// How many of the values are inputs: the first ones.
    #[must_use]
    pub const fn inputs(&self) -> usize {
        match self.source {
            Source::Graph(graph) => graph.inputs.len(),
            Source::Parts { inputs, .. } | Source::Inline { inputs, .. } => inputs,
        }
    }

    /// How many values there are.
    #[must_use]
    pub const fn values(&self) -> usize {
        match self.source {
            Source::Graph(graph) => graph.values.len(),
            Source::Parts { shapes, .. } => shapes.len(),
            Source::Inline { shapes, .. } => shapes.len(),
        }
    }

    /// The shape of a value.
    #[must_use]
    pub const fn shape(&self, value: usize) -> &'a Shape {
        match self.source {
            Source::Graph(graph) => &graph.values[value],
            Source::Parts { shapes, .. } => &shapes[value],
            Source::Inline { shapes, .. } => shapes[value],
        }
    }

    /// How many layers there are.
    #[must_use]
    pub const fn nodes(&self) -> usize {
        match self.source {
            Source::Graph(graph) => graph.nodes.len(),
            Source::Parts { links, .. } => links.len(),
            Source::Inline { placed, .. } => placed.len(),
        }
    }

    /// The layer at `index`.
    #[must_use]
    pub const fn node(&self, index: usize) -> Link<'a> {
        match self.source {
            Source::Graph(graph) => {
                let node = &graph.nodes[index];
                Link {
                    layer: &node.layer,
                    inputs: node.step.inputs,
                    output: node.output,
                    results: node.step.results,
                    macs: node.counts.macs,
                    inside: match &node.layer {
                        Layer::Subnetwork(network) => Some(Flow::of(network.graph())),
                        _ => None,
                    },
                }
            }
            Source::Parts { links, .. } => links[index],
            Source::Inline { placed, reads, .. } => {
                let placed = &placed[index];
                let (first, count) = placed.reads;
                Link {
                    layer: placed.layer,
                    inputs: reads.split_at(first).1.split_at(count).0,
                    output: placed.output,
                    results: placed.results,
                    macs: placed.macs,
                    inside: None,
                }
            }
        }
    }

    /// How many outputs there are.
    #[must_use]
    pub const fn outputs(&self) -> usize {
        match self.source {
            Source::Graph(graph) => graph.outputs.len(),
            Source::Parts { outputs, .. } | Source::Inline { outputs, .. } => outputs.len(),
        }
    }

    /// Which value the `index`th output is.
    #[must_use]
    pub const fn output(&self, index: usize) -> usize {
        match self.source {
            Source::Graph(graph) => graph.outputs[index].1,
            Source::Parts { outputs, .. } | Source::Inline { outputs, .. } => outputs[index],
        }
    }

    /// The shapes that go into a layer; those after its last are of no meaning.
    pub(super) const fn gather(&self, link: &Link<'_>) -> [Shape; MAX_INPUTS] {
        let mut shapes = [Shape::new(&[1]); MAX_INPUTS];
        let mut i = 0;
        while i < link.inputs.len() {
            shapes[i] = *self.shape(link.inputs[i]);
            i += 1;
        }
        shapes
    }
}
