//! A network and the networks that are its layers, seen as one.
//!
//! Every node at any depth has a *place*: its number when each network is
//! followed by what is inside of it. The layers that are no networks are numbered by
//! themselves, and so are the values: the inputs of the outermost network, then the
//! results of each of these layers in turn. All three numbers are found from what
//! each node says of the networks before it, so that nothing has to be kept on the way
//! down, however deep that is.

use super::{Graph, Node};
use crate::error::Error;
use crate::layer::Layer;
use crate::layer::subnetwork::{Ports, Subnetwork};

/// What the networks among some nodes hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opened {
    /// How many networks they are, and how many results these have.
    networks: usize,
    results: usize,
    /// How many layers, values and places there are inside of them.
    layers: usize,
    values: usize,
    places: usize,
}

impl Opened {
    pub(super) const NOTHING: Self = Self {
        networks: 0,
        results: 0,
        layers: 0,
        values: 0,
        places: 0,
    };

    const fn equals(&self, other: &Self) -> bool {
        self.networks == other.networks
            && self.results == other.results
            && self.layers == other.layers
            && self.values == other.values
            && self.places == other.places
    }

    /// With one more network, of which so many results are used.
    pub(super) const fn and(&self, inner: &Graph, results: usize) -> Self {
        Self {
            networks: self.networks + 1,
            results: self.results + results,
            layers: self.layers + inner.layers_inside(),
            values: self.values + inner.values_inside() - inner.inputs().len(),
            places: self.places + inner.places(),
        }
    }
}

/// A network somewhere inside of the outermost one, or that itself.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot<'g> {
    pub(crate) graph: &'g Graph,
    /// How many networks are around it.
    depth: usize,
    /// The place of its first node, which follows that of the network itself.
    place: usize,
    /// How many layers there are before its own.
    layers: usize,
    /// The number of the first value that is no input of it.
    values: usize,
}

impl<'g> Spot<'g> {
    pub(super) const fn outermost(graph: &'g Graph) -> Self {
        Self {
            graph,
            depth: 0,
            place: 0,
            layers: 0,
            values: graph.inputs().len(),
        }
    }

    /// The network that is the node `index`, if it is one.
    pub(super) const fn enter(&self, index: usize) -> Option<Self> {
        let node = &self.graph.nodes()[index];
        let Some(inner) = self.graph.inner(node) else {
            return None;
        };
        Some(Self {
            graph: inner,
            depth: self.depth + 1,
            place: self.place_of(index) + 1,
            layers: self.layer_of(index),
            values: self.value_of(index),
        })
    }

    /// The network around it, and which of its nodes it is.
    pub(super) const fn leave(&self, outermost: &'g Graph) -> Option<(Self, usize)> {
        match self.place.checked_sub(1) {
            Some(place) if self.depth > 0 => Some(at_place(outermost, place)),
            _ => None,
        }
    }

    /// The nodes that are the networks around it and it itself, the outermost first.
    pub(super) fn way(self, outermost: &'g Graph) -> impl Iterator<Item = &'g Node> + Clone {
        let mut spot = Spot::outermost(outermost);
        core::iter::from_fn(move || {
            let place = self.place.checked_sub(1)?;
            if spot.depth == self.depth {
                return None;
            }
            let index = spot.last(place, Starts::Places);
            let node = &spot.graph.nodes()[index];
            spot = spot.enter(index)?;
            Some(node)
        })
    }

    /// The place of a node.
    pub(super) const fn place_of(&self, index: usize) -> usize {
        self.place + index + self.graph.nodes()[index].before.places
    }

    /// The number of a node among the layers that are no networks.
    pub(super) const fn layer_of(&self, index: usize) -> usize {
        let before = &self.graph.nodes()[index].before;
        self.layers + index - before.networks + before.layers
    }

    /// The number of the first result of a node.
    pub(crate) const fn value_of(&self, index: usize) -> usize {
        let node = &self.graph.nodes()[index];
        let own = node.output - self.graph.inputs().len();
        self.values + own - node.before.results + node.before.values
    }

    /// The number of a value of this network.
    pub(crate) const fn number(self, outermost: &'g Graph, value: usize) -> usize {
        let (mut spot, mut value) = (self, value);
        loop {
            if value < spot.graph.inputs().len() {
                let Some((around, node)) = spot.leave(outermost) else {
                    return value;
                };
                value = around.graph.nodes()[node].step.inputs[value];
                spot = around;
                continue;
            }
            let index = spot.graph.maker(value);
            let result = value - spot.graph.nodes()[index].output;
            match spot.enter(index) {
                Some(inside) => {
                    value = inside.graph.outputs()[result].1;
                    spot = inside;
                }
                None => return spot.value_of(index) + result,
            }
        }
    }

    /// The last node that `starts` no later than `wanted`: nodes that hold nothing
    /// start where the next one does.
    const fn last(&self, wanted: usize, starts: Starts) -> usize {
        let (mut first, mut end) = (0, self.graph.nodes().len());
        while first < end {
            let middle = usize::midpoint(first, end);
            let start = match starts {
                Starts::Places => self.place_of(middle),
                Starts::Layers => self.layer_of(middle),
                Starts::Values => self.value_of(middle),
            };
            if start <= wanted {
                first = middle + 1;
            } else {
                end = middle;
            }
        }
        first.saturating_sub(1)
    }
}

/// What nodes are numbered by.
#[derive(Clone, Copy)]
enum Starts {
    Places,
    Layers,
    Values,
}

/// The node at a place, with the network that it is in.
const fn at_place(outermost: &Graph, place: usize) -> (Spot<'_>, usize) {
    let mut spot = Spot::outermost(outermost);
    loop {
        let index = spot.last(place, Starts::Places);
        match spot.enter(index) {
            Some(inside) if spot.place_of(index) < place => spot = inside,
            _ => return (spot, index),
        }
    }
}

/// The layer with this number, which is one of those there are.
pub(crate) const fn at_layer(outermost: &Graph, layer: usize) -> (Spot<'_>, usize) {
    find(outermost, layer, Starts::Layers)
}

/// The layer that makes the value with this number, which is no input.
pub(crate) const fn at_value(outermost: &Graph, value: usize) -> (Spot<'_>, usize) {
    find(outermost, value, Starts::Values)
}

const fn find(outermost: &Graph, wanted: usize, starts: Starts) -> (Spot<'_>, usize) {
    let mut spot = Spot::outermost(outermost);
    loop {
        let index = spot.last(wanted, starts);
        match spot.enter(index) {
            Some(inside) => spot = inside,
            None => return (spot, index),
        }
    }
}

impl Graph {
    /// The network that one of its nodes is, if it is one.
    ///
    /// A node holds only which of the graph's [networks](Graph::networks) it is: rustc
    /// goes through all that a constant refers to, each time that it is referred to.
    #[must_use]
    pub const fn inner(&self, node: &Node) -> Option<&'static Self> {
        match &node.layer {
            Layer::Subnetwork(network) => Some(self.networks()[network.place()]),
            _ => None,
        }
    }

    /// The network as a layer of another, of whose networks it is so many.
    pub(super) const fn as_layer(&self, place: usize) -> Result<Layer, Error> {
        let ports = Ports {
            name: self.name,
            values: self.values,
            inputs: self.inputs.len(),
            outputs: self.outputs,
        };
        match self.counts_of(0, self.nodes.len()) {
            Ok(counts) => {
                let network = Subnetwork::new(ports, place, counts, self.exact());
                Ok(Layer::Subnetwork(network))
            }
            Err(error) => Err(error),
        }
    }

    /// Whether the networks are such that the layers which are networks follow from
    /// them.
    pub(super) const fn networks_fit(&self) -> bool {
        if self.opened.networks == 0 {
            return true;
        }
        let mut opened = Opened::NOTHING;
        let mut i = 0;
        while i < self.nodes().len() {
            let node = &self.nodes()[i];
            if let Layer::Subnetwork(network) = &node.layer {
                if network.place() >= self.networks().len() {
                    return false;
                }
                let inner = self.networks()[network.place()];
                if !self.is_node(node, inner) {
                    return false;
                }
                opened = opened.and(inner, node.step.results);
            }
            i += 1;
        }
        opened.equals(&self.opened)
    }

    /// Whether a node takes and gives what a network does.
    const fn is_node(&self, node: &Node, inner: &Self) -> bool {
        let inputs = node.step.inputs;
        if inputs.len() != inner.inputs().len() || node.step.results > inner.outputs().len() {
            return false;
        }
        let mut i = 0;
        while i < inputs.len() {
            if !self.values()[inputs[i]].equals(&inner.input(i)) {
                return false;
            }
            i += 1;
        }
        let mut result = 0;
        while result < node.step.results {
            if !self.values()[node.output + result].equals(&inner.output(result)) {
                return false;
            }
            result += 1;
        }
        node.counts.macs == inner.counts().macs
    }

    /// Whether one of the layers is a network.
    pub(crate) const fn has_networks(&self) -> bool {
        self.opened.networks > 0
    }

    /// How many layers there are with those of networks in their place: those that
    /// [`Graph::walk`] goes through.
    #[must_use]
    pub const fn layers_inside(&self) -> usize {
        self.nodes().len() - self.opened.networks + self.opened.layers
    }

    /// How many values there are with the layers of networks in their place: those
    /// of every [`Leaf`](super::Leaf), which has an example.
    #[must_use]
    pub const fn values_inside(&self) -> usize {
        self.values().len() - self.opened.results + self.opened.values
    }

    /// How many nodes there are, those inside of networks among them.
    const fn places(&self) -> usize {
        self.nodes().len() + self.opened.places
    }

    /// How many layers there are before a node, those of networks in their place.
    pub(crate) const fn layers_before(&self, node: usize) -> usize {
        if node >= self.nodes().len() {
            return self.layers_inside();
        }
        Spot::outermost(self).layer_of(node)
    }

    /// The node in whose place a layer stands: itself, or the network that it is in.
    pub(crate) const fn around(&self, layer: usize) -> usize {
        Spot::outermost(self).last(layer, Starts::Layers)
    }

    /// The number of a value with the layers of networks in their place.
    ///
    /// # Panics
    ///
    /// When there is no such value.
    #[must_use]
    pub const fn value_inside(&self, value: usize) -> usize {
        assert!(value < self.values().len(), "the network has no such value");
        Spot::outermost(self).number(self, value)
    }

    /// The node that makes a value, which is no input.
    const fn maker(&self, value: usize) -> usize {
        // The last node whose results begin no later.
        let (mut first, mut end) = (0, self.nodes().len());
        while first < end {
            let middle = usize::midpoint(first, end);
            if self.nodes()[middle].output <= value {
                first = middle + 1;
            } else {
                end = middle;
            }
        }
        first.saturating_sub(1)
    }

    /// The node that makes a value, if it is no input.
    pub(crate) const fn producer(&self, value: usize) -> Option<usize> {
        if value < self.inputs().len() || value >= self.values().len() {
            return None;
        }
        Some(self.maker(value))
    }
}
