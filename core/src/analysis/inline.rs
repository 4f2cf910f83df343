//! A flow in which the layers of networks stand in their place.

use super::Flow;
use crate::graph::Graph;
use crate::layer::Layer;
use crate::layer::subnetwork::Subnetwork;
use crate::shape::Shape;

/// A layer of such a flow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed<'a> {
    pub(super) layer: &'a Layer,
    /// The first of its inputs among all that are read, and how many it has.
    pub(super) reads: (usize, usize),
    pub(super) output: usize,
    pub(super) results: usize,
    pub(super) macs: u64,
}

/// What a flow is made of, with room for [`places`] of everything.
pub(super) struct Inline<'a, const N: usize> {
    shapes: [&'a Shape; N],
    placed: [Placed<'a>; N],
    reads: [usize; N],
    outputs: [usize; N],
    /// The numbers of the values of the network that is gone through, behind those
    /// of the networks around it.
    numbers: [usize; N],
    /// How much of the lists is filled.
    values: usize,
    layers: usize,
    read: usize,
}

/// How much room the flow of a graph needs.
pub(super) const fn places(graph: &Graph) -> usize {
    let (layers, reads) = layers_and_reads(graph);
    let wanted = [layers, reads, graph.outputs.len(), numbers(graph)];
    let mut most = graph.values_inside();
    let mut i = 0;
    while i < wanted.len() {
        if wanted[i] > most {
            most = wanted[i];
        }
        i += 1;
    }
    most
}

const fn layers_and_reads(graph: &Graph) -> (usize, usize) {
    let (mut layers, mut reads) = (0, 0);
    let mut i = 0;
    while i < graph.nodes.len() {
        let node = &graph.nodes[i];
        let more = match &node.layer {
            Layer::Subnetwork(inner) => layers_and_reads(inner.graph()),
            _ => (1, node.step.inputs.len()),
        };
        layers += more.0;
        reads += more.1;
        i += 1;
    }
    (layers, reads)
}

/// The most numbers that are kept at once.
const fn numbers(graph: &Graph) -> usize {
    let mut most = 0;
    let mut i = 0;
    while i < graph.nodes.len() {
        if let Layer::Subnetwork(inner) = &graph.nodes[i].layer {
            let inside = numbers(inner.graph());
            if inside > most {
                most = inside;
            }
        }
        i += 1;
    }
    graph.values.len() + most
}

impl<'a, const N: usize> Inline<'a, N> {
    /// The flow of a graph for which there is room.
    pub(super) const fn of(graph: &'a Graph) -> Self {
        const NOTHING: Placed<'static> = Placed {
            layer: &Layer::Subnetwork(Subnetwork::EMPTY),
            reads: (0, 0),
            output: 0,
            results: 0,
            macs: 0,
        };
        const NO_SHAPE: &Shape = &Shape::new(&[1]);
        let mut inline = Self {
            shapes: [NO_SHAPE; N],
            placed: [NOTHING; N],
            reads: [0; N],
            outputs: [0; N],
            numbers: [0; N],
            values: 0,
            layers: 0,
            read: 0,
        };
        let mut input = 0;
        while input < graph.inputs.len() {
            inline.numbers[input] = inline.add_value(&graph.values[input]);
            input += 1;
        }
        inline.add(graph, 0);
        let mut output = 0;
        while output < graph.outputs.len() {
            inline.outputs[output] = inline.numbers[graph.outputs[output].1];
            output += 1;
        }
        inline
    }

    pub(super) const fn flow<'s>(&'s self, graph: &Graph) -> Flow<'s>
    where
        'a: 's,
    {
        Flow::inline(
            graph.inputs.len(),
            self.shapes.split_at(self.values).0,
            self.placed.split_at(self.layers).0,
            &self.reads,
            self.outputs.split_at(graph.outputs.len()).0,
        )
    }

    /// Adds the layers of a network whose numbers begin at `base`, those of its
    /// inputs there already.
    const fn add(&mut self, graph: &'a Graph, base: usize) {
        let mut i = 0;
        while i < graph.nodes.len() {
            let node = &graph.nodes[i];
            match &node.layer {
                Layer::Subnetwork(inner) => {
                    let inner = inner.graph();
                    let inside = base + graph.values.len();
                    let mut k = 0;
                    while k < node.step.inputs.len() {
                        self.numbers[inside + k] = self.numbers[base + node.step.inputs[k]];
                        k += 1;
                    }
                    self.add(inner, inside);
                    let mut result = 0;
                    while result < node.step.results {
                        let made = self.numbers[inside + inner.outputs[result].1];
                        self.numbers[base + node.output + result] = made;
                        result += 1;
                    }
                }
                layer => {
                    let reads = (self.read, node.step.inputs.len());
                    let mut k = 0;
                    while k < reads.1 {
                        self.reads[self.read] = self.numbers[base + node.step.inputs[k]];
                        self.read += 1;
                        k += 1;
                    }
                    self.placed[self.layers] = Placed {
                        layer,
                        reads,
                        output: self.values,
                        results: node.step.results,
                        macs: node.counts.macs,
                    };
                    self.layers += 1;
                    let mut value = node.output;
                    while value < node.output + node.step.results {
                        self.numbers[base + value] = self.add_value(&graph.values[value]);
                        value += 1;
                    }
                }
            }
            i += 1;
        }
    }

    const fn add_value(&mut self, shape: &'a Shape) -> usize {
        let number = self.values;
        self.shapes[number] = shape;
        self.values += 1;
        number
    }
}
