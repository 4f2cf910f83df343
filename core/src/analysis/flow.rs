//! What the analyses read: a graph, or slices of the same content.

use super::backward::FEW;
use super::skip::Skip;
use crate::graph::inside::{Spot, at_layer, at_value};
use crate::graph::{Counts, Graph, MAX_INPUTS};
use crate::layer::{Layer, Role};
use crate::shape::Shape;

/// A network for analyses: its values, its layers and how they are connected.
///
/// The layers of a network that is a layer stand in its place. Values are numbered as
/// [`Leaf`](crate::graph::Leaf) has them: the inputs first, then the results of each
/// layer in turn.
#[derive(Clone, Copy, Debug)]
pub struct Flow<'a> {
    source: Source<'a>,
    pub(super) skip: Option<Skip>,
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
    /// What it costs. Weights that are another layer's are counted there.
    pub counts: Counts,
}

/// A layer of a flow.
#[derive(Clone, Copy)]
pub(crate) struct Placed<'a> {
    link: Link<'a>,
    /// The network that its inputs are values of, where that is not the flow itself.
    within: Option<(&'a Graph, Spot<'a>)>,
    skip: Option<Skip>,
}

impl<'a> Placed<'a> {
    pub(crate) const fn layer(&self) -> &'a Layer {
        self.link.layer
    }

    /// The first of its results; the others follow.
    pub(crate) const fn output(&self) -> usize {
        self.link.output
    }

    /// The number after its last result.
    pub(crate) const fn end(&self) -> usize {
        self.link.output + self.link.results
    }

    pub(super) const fn macs(&self) -> u64 {
        self.link.counts.macs
    }

    /// What it costs.
    pub(crate) const fn counts(&self) -> &Counts {
        &self.link.counts
    }

    /// Whether it has parameters, be they its own or another layer's.
    pub(super) const fn is_trained(&self) -> bool {
        if self.link.counts.params() > 0 {
            return true;
        }
        matches!(self.link.layer.tensor(0), Some(tensor) if !matches!(tensor.role, Role::Buffer))
    }

    /// How many values go in.
    pub(crate) const fn inputs(&self) -> usize {
        self.link.inputs.len()
    }

    /// Which value goes in there.
    pub(crate) const fn input(&self, place: usize) -> usize {
        let input = self.link.inputs[place];
        match self.within {
            None => match &self.skip {
                Some(skip) if input >= skip.value => input - skip.values,
                _ => input,
            },
            Some((outermost, spot)) => spot.number(outermost, input),
        }
    }
}

impl<'a> Flow<'a> {
    /// The flow of a graph.
    #[must_use]
    pub const fn of(graph: &'a Graph) -> Self {
        Self {
            source: Source::Graph(graph),
            skip: None,
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
            skip: None,
        }
    }

    /// How many values of the network are left out before one that is not.
    const fn values_before(&self, value: usize) -> usize {
        match &self.skip {
            Some(skip) if value >= skip.value => skip.values,
            _ => 0,
        }
    }

    /// The number of one of the network's values; of one that is left out, that of the value
    /// like it in the last copy before.
    const fn number(&self, value: usize) -> usize {
        match &self.skip {
            Some(skip) if value >= skip.value => value - skip.values,
            _ => value,
        }
    }

    /// How many of the values are inputs: the first ones.
    #[must_use]
    pub const fn inputs(&self) -> usize {
        match self.source {
            Source::Graph(graph) => graph.inputs().len(),
            Source::Parts { inputs, .. } => inputs,
        }
    }

    /// How many values there are.
    #[must_use]
    pub const fn values(&self) -> usize {
        let all = match self.source {
            Source::Graph(graph) => graph.values_inside(),
            Source::Parts { shapes, .. } => shapes.len(),
        };
        match &self.skip {
            Some(skip) => all - skip.values,
            None => all,
        }
    }

    /// The shape of a value.
    #[must_use]
    pub const fn shape(&self, value: usize) -> &'a Shape {
        let value = value + self.values_before(value);
        match self.source {
            Source::Graph(graph) if graph.has_networks() && value >= graph.inputs().len() => {
                let (spot, index) = at_value(graph, value);
                let result = value - spot.value_of(index);
                &spot.graph.values()[spot.graph.nodes()[index].output + result]
            }
            Source::Graph(graph) => &graph.values()[value],
            Source::Parts { shapes, .. } => &shapes[value],
        }
    }

    /// How many layers there are.
    #[must_use]
    pub const fn nodes(&self) -> usize {
        let all = match self.source {
            Source::Graph(graph) => graph.layers_inside(),
            Source::Parts { links, .. } => links.len(),
        };
        match &self.skip {
            Some(skip) => all - skip.layers,
            None => all,
        }
    }

    /// The layer at `index`.
    pub(crate) const fn node(&self, index: usize) -> Placed<'a> {
        let index = match &self.skip {
            Some(skip) if index >= skip.layer => index + skip.layers,
            _ => index,
        };
        let (graph, outermost, spot, index) = match self.source {
            Source::Graph(outermost) if outermost.has_networks() => {
                let (spot, index) = at_layer(outermost, index);
                (spot.graph, outermost, Some(spot), index)
            }
            Source::Graph(graph) => (graph, graph, None, index),
            Source::Parts { links, .. } => {
                return Placed {
                    link: links[index],
                    within: None,
                    skip: self.skip,
                };
            }
        };
        let node = &graph.nodes()[index];
        let link = Link {
            layer: &node.layer,
            inputs: node.step.inputs,
            output: match &spot {
                Some(spot) => spot.value_of(index),
                None => self.number(node.output),
            },
            results: node.step.results,
            counts: node.counts,
        };
        let within = match spot {
            Some(spot) => Some((outermost, spot)),
            None => None,
        };
        Placed {
            link,
            within,
            skip: self.skip,
        }
    }

    /// How many outputs there are.
    #[must_use]
    pub const fn outputs(&self) -> usize {
        match self.source {
            Source::Graph(graph) => graph.outputs().len(),
            Source::Parts { outputs, .. } => outputs.len(),
        }
    }

    /// Which value the `index`th output is.
    #[must_use]
    pub const fn output(&self, index: usize) -> usize {
        match self.source {
            Source::Graph(graph) => self.number(graph.value_inside(graph.outputs()[index].1)),
            Source::Parts { outputs, .. } => outputs[index],
        }
    }

    /// The shapes that go into a layer of few inputs; those after its last are of no meaning.
    pub(crate) const fn gather_few(&self, node: &Placed<'_>) -> [Shape; FEW] {
        let mut shapes = [Shape::new(&[1]); FEW];
        let mut i = 0;
        while i < node.inputs() && i < FEW {
            shapes[i] = *self.shape(node.input(i));
            i += 1;
        }
        shapes
    }

    /// The shapes that go into a layer; those after its last are of no meaning.
    pub(super) const fn gather(&self, node: &Placed<'_>) -> [Shape; MAX_INPUTS] {
        let mut shapes = [Shape::new(&[1]); MAX_INPUTS];
        let mut i = 0;
        while i < node.inputs() {
            shapes[i] = *self.shape(node.input(i));
            i += 1;
        }
        shapes
    }
}
