//! The figures of a network as the macro knows it.

use std::ops::Deref;

use shapewise_core::figure::{Amount, Figure, Unit};

use super::analysis::Analysis;
use super::metric::called;
use crate::graph::{Node, Resolved};

/// What a figure is; nothing when it does not fit 64 bits. The analysis is made
/// where the figure needs it.
pub(crate) fn amount(
    figure: Figure,
    graph: &Resolved,
    analysis: &dyn Deref<Target = Analysis>,
) -> Option<Amount> {
    let number = match figure {
        Figure::Weights
        | Figure::Biases
        | Figure::Params
        | Figure::Buffers
        | Figure::Macs
        | Figure::Flops => figure.counted(&graph.totals()),
        Figure::ActiveParams => Some(graph.active_params()),
        Figure::ParamBytes => graph.param_bytes(),
        Figure::Activations => graph.activations(),
        Figure::PeakActivations => analysis.peak.map(|peak| peak.elements),
        Figure::PeakActivationBytes => analysis.peak_bytes(graph),
        Figure::TrainActivations => {
            Some(analysis.kept.elements()).filter(|elements| *elements < u64::MAX)
        }
        Figure::TrainActivationBytes => analysis.kept_bytes(graph),
        Figure::Depth => Some(analysis.depth),
        Figure::ReceptiveField => return Some(Amount::Axes(analysis.receptive_field)),
        Figure::Exact => return Some(Amount::Truth(is_exact(graph))),
    };
    number.map(Amount::Number)
}

/// What only rustc knows of a network.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unknown {
    totals: bool,
    shapes: bool,
    exactness: bool,
}

impl Unknown {
    /// What only rustc knows of this one.
    pub(crate) fn of(graph: &Resolved) -> Self {
        Self {
            totals: graph.symbolic_totals(),
            shapes: graph.values.iter().any(|value| value.symbolic),
            exactness: !is_exact(graph),
        }
    }

    /// Whether a figure is among it.
    pub(crate) fn has(self, figure: Figure) -> bool {
        match figure {
            Figure::Exact => self.exactness,
            _ => self.totals || (self.shapes && figure.of_shapes()),
        }
    }
}

/// Whether all costs are known: what a network of elsewhere or a custom layer leaves
/// out, only rustc sees.
fn is_exact(graph: &Resolved) -> bool {
    graph.nodes.iter().all(|node| node.step.ready.is_none())
}

/// What a figure that is a number consists of, with what that is called.
pub(crate) fn parts(
    figure: Figure,
    graph: &Resolved,
    analysis: &dyn Deref<Target = Analysis>,
) -> Vec<(u64, String)> {
    let of_nodes = |part: &dyn Fn(&Node) -> u64| {
        let nodes = graph.nodes.iter();
        nodes
            .map(|node| (part(node), called(graph, node)))
            .collect()
    };
    match (figure, figure.unit()) {
        (_, Unit::Bytes(of)) => {
            let mut parts = parts(of, graph, analysis);
            for (part, _) in &mut parts {
                *part = part.saturating_mul(graph.dtype.bytes());
            }
            parts
        }
        (Figure::Activations, _) => of_nodes(&|node| {
            let results = node.outputs();
            let elements = |value: usize| graph.values.get(value)?.shape.checked_elements();
            results.filter_map(elements).fold(0, u64::saturating_add)
        }),
        (Figure::PeakActivations, _) => analysis.alive(graph),
        (Figure::TrainActivations, _) => analysis.kept(graph),
        (Figure::Depth, _) => Vec::new(),
        (Figure::ActiveParams, _) => {
            of_nodes(&|node| node.counts.params().saturating_sub(node.inactive_params()))
        }
        (counted, _) => of_nodes(&|node| counted.counted(&node.counts).unwrap_or(0)),
    }
}
