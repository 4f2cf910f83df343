//! What `core`'s analyses say of the graph as the macro knows it.

use std::rc::Rc;

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
        let mut found = None;
        with_flow(graph, &mut |flow| found = Some(Self::of_flow(flow)));
        found.unwrap_or_else(|| Self {
            peak: None,
            alive: Vec::new(),
            depth: 0,
            fields: Vec::new(),
            receptive_field: Extents::EMPTY,
        })
    }

    fn of_flow(flow: &Flow<'_>) -> Self {
        let mut lives = vec![Life::NONE; flow.values()];
        analysis::lives(flow, &mut lives);
        let peak = analysis::peak(flow, &lives).ok();
        let mut alive = Vec::with_capacity(flow.nodes());
        // What does not fit 64 bits has been told of.
        let _ = analysis::each_alive(flow, &lives, &mut |elements| alive.push(elements));
        let depth = analysis::depth(flow, &mut vec![0; flow.values()]) as u64;
        let mut fields = vec![Field::NOTHING; flow.values()];
        if flow.inputs() > 0 {
            analysis::fields(flow, 0, &mut fields);
        }
        let receptive_field = analysis::largest_output(flow, &fields).size();
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

/// Calls a function with the flow of a network.
fn with_flow(graph: &Resolved, then: &mut dyn FnMut(&Flow<'_>)) {
    let links = graph
        .nodes
        .iter()
        .map(|node| Link {
            layer: &node.layer,
            inputs: &node.inputs,
            output: node.output,
            results: node.results,
            macs: node.counts.macs,
            inside: None,
        })
        .collect();
    complete(graph, links, 0, then);
}

/// Calls a function with the flow of these links, when what is inside of those
/// from `first` on is found, too: a flow only lives as long as the call.
fn complete<'a>(
    graph: &'a Resolved,
    links: Vec<Link<'a>>,
    first: usize,
    then: &mut dyn FnMut(&Flow<'_>),
) {
    let nodes = graph.nodes.iter().enumerate().skip(first);
    let next = nodes
        .filter(|(index, _)| links.get(*index).is_some_and(|link| link.inside.is_none()))
        .find_map(|(index, node)| Some((index, node.inside.as_ref()?)));
    let Some((index, network)) = next else {
        let shapes: Vec<Shape> = graph.values.iter().map(|value| value.shape).collect();
        let outputs: Vec<usize> = graph.outputs.iter().map(|(_, value)| *value).collect();
        return then(&Flow::new(graph.inputs.len(), &shapes, &links, &outputs));
    };
    with_flow(network, &mut |flow| {
        let mut links = links.clone();
        // All uses of the network at once.
        for (link, node) in links.iter_mut().zip(&graph.nodes) {
            let same = |inside| Rc::ptr_eq(inside, network);
            if node.inside.as_ref().is_some_and(same) {
                link.inside = Some(*flow);
            }
        }
        complete(graph, links, index + 1, then);
    });
}
