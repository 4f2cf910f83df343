//! What `core`'s analyses say of the graph as the macro knows it.

use shapewise_core::analysis::{self, Field, Flow, Life, Link, Peak};
use shapewise_core::{Extents, Shape};

use super::metric::called;
use crate::resolve::graph::Resolved;

/// Memory, depth and receptive fields of a network.
#[derive(Debug)]
pub(crate) struct Analysis {
    /// The most that is alive at once; nothing when it does not fit 64 bits.
    pub peak: Option<Peak>,
    /// The elements that are alive while each layer runs.
    pub alive: Vec<u64>,
    /// The most weighted layers on any path.
    pub depth: u64,
    /// What each value sees of the first input.
    pub fields: Vec<Field>,
    /// What the outputs see of the first input, the largest along each axis.
    pub receptive_field: Extents,
}

impl Analysis {
    /// Analyses a graph.
    pub(crate) fn of(graph: &Resolved) -> Self {
        let shapes: Vec<Shape> = graph.values.iter().map(|value| value.shape).collect();
        let links: Vec<Link<'_>> = graph
            .nodes
            .iter()
            .map(|node| Link {
                layer: &node.layer,
                inputs: &node.inputs,
                output: node.output,
                results: node.results,
                macs: node.counts.macs,
            })
            .collect();
        let outputs: Vec<usize> = graph.outputs.iter().map(|(_, value)| *value).collect();
        let flow = Flow::new(graph.inputs.len(), &shapes, &links, &outputs);
        let mut lives = vec![Life::NONE; shapes.len()];
        analysis::lives(&flow, &mut lives);
        let peak = analysis::peak(&flow, &lives).ok();
        let mut alive = Vec::with_capacity(links.len());
        // What does not fit 64 bits has been told of.
        let _ = analysis::each_alive(&flow, &lives, &mut |elements| alive.push(elements));
        let depth = analysis::depth(&flow, &mut vec![0; shapes.len()]) as u64;
        let mut fields = vec![Field::NOTHING; shapes.len()];
        if !graph.inputs.is_empty() {
            analysis::fields(&flow, 0, &mut fields);
        }
        let receptive_field = analysis::largest_output(&flow, &fields).size();
        Self {
            peak,
            alive,
            depth,
            fields,
            receptive_field,
        }
    }

    /// The bytes of what is alive at once.
    pub(crate) fn peak_bytes(&self, graph: &Resolved) -> Option<u64> {
        self.peak?.elements.checked_mul(graph.dtype.bytes())
    }

    /// The largest values that are alive at the peak, with what they are called.
    pub(crate) fn alive(&self, graph: &Resolved) -> Vec<(u64, String)> {
        let largest = self.peak.map_or([None; 3], |peak| peak.largest);
        largest
            .iter()
            .flatten()
            .filter_map(|value| {
                let info = graph.values.get(*value)?;
                let name = match info.node {
                    Some(node) => called(graph, graph.nodes.get(node)?),
                    None => format!("`{}`", graph.inputs.get(*value)?),
                };
                Some((info.shape.checked_elements()?, name))
            })
            .collect()
    }

    /// The layer at which most is alive.
    pub(crate) fn peak_layer(&self, graph: &Resolved) -> Option<String> {
        Some(called(graph, graph.nodes.get(self.peak?.node)?))
    }

    /// By how much each layer makes the receptive field larger, on the axis
    /// where that is most.
    pub(crate) fn growth(&self, graph: &Resolved) -> Vec<(u64, String)> {
        let size = |value: usize, axis: usize| {
            self.fields
                .get(value)
                .map_or(0, |field| field.size().at(axis))
        };
        graph
            .nodes
            .iter()
            .map(|node| {
                let more = (0..self.receptive_field.len()).map(|axis| {
                    let before = node.inputs.iter().map(|input| size(*input, axis));
                    size(node.output, axis).saturating_sub(before.max().unwrap_or(0))
                });
                (more.max().unwrap_or(0) as u64, called(graph, node))
            })
            .collect()
    }
}
