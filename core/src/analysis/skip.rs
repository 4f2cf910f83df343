//! Copies of a repeat that are left out, since they are like others.

use super::{Flow, Span};
use crate::entry::Rules;
use crate::graph::Graph;

/// Layers that a flow leaves out: all copies of a repeat but the first, the second and the
/// last, where all from the second on are alike. What holds for the second holds for them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Skip {
    /// The first layer that is left out, and how many are.
    pub(super) layer: usize,
    pub(super) layers: usize,
    /// The first value that is left out, and how many are.
    pub(super) value: usize,
    pub(super) values: usize,
    /// The layers of a copy.
    each: usize,
    /// The piece that is the first copy, and how many copies there are.
    piece: usize,
    copies: usize,
}

impl Skip {
    /// The longest run of copies among the pieces of a graph that are alike, if there are
    /// enough of them to leave some out.
    pub(crate) const fn of(graph: &Graph, spans: &[Span]) -> Option<Self> {
        if graph.has_networks() {
            return None;
        }
        let (mut piece, mut copies) = (0, 0);
        let mut i = 0;
        while i < spans.len() {
            let mut run = 1;
            while i + run < spans.len()
                && spans[i].copy
                && spans[i + run].copy
                && length(&spans[i + run]) == length(&spans[i])
            {
                run += 1;
            }
            if run > copies {
                (piece, copies) = (i, run);
            }
            i += run;
        }
        if copies < 5 {
            return None;
        }
        let each = length(&spans[piece]);
        let second = spans[piece + 1].first;
        let mut copy = 2;
        while copy < copies {
            if !alike(
                graph,
                spans[piece].first,
                second,
                spans[piece + copy].first,
                each,
            ) {
                return None;
            }
            copy += 1;
        }
        let third = spans[piece + 2].first;
        let last = spans[piece + copies - 1].first;
        let nodes = graph.nodes();
        let (value, end) = (nodes[third].output, nodes[last].output);
        let skip = Self {
            layer: third,
            layers: last - third,
            value,
            values: end - value,
            each,
            piece,
            copies,
        };
        if skip.is_read(graph, last + each) {
            return None;
        }
        Some(skip)
    }

    /// Whether what follows reads a copy that is left out.
    const fn is_read(&self, graph: &Graph, after: usize) -> bool {
        let nodes = graph.nodes();
        let mut i = after;
        while i < nodes.len() {
            let inputs = nodes[i].step.inputs;
            let mut k = 0;
            while k < inputs.len() {
                if inputs[k] >= self.value && inputs[k] < self.value + self.values {
                    return true;
                }
                k += 1;
            }
            i += 1;
        }
        let outputs = graph.outputs();
        let mut i = 0;
        while i < outputs.len() {
            if outputs[i].1 >= self.value && outputs[i].1 < self.value + self.values {
                return true;
            }
            i += 1;
        }
        false
    }

    /// How many copies there are that the layer `index`, counted without those that are left
    /// out, stands for.
    pub(crate) const fn times(&self, index: usize) -> u64 {
        if index + self.each >= self.layer && index < self.layer {
            self.copies as u64 - 2
        } else {
            1
        }
    }

    /// The pieces that are left; gives how many there are.
    pub(crate) const fn leave(&self, spans: &[Span], places: &mut [Span]) -> usize {
        let mut count = 0;
        let mut i = 0;
        while i < spans.len() {
            let mut span = spans[i];
            if span.first < self.layer || span.first >= self.layer + self.layers {
                if span.first >= self.layer {
                    span.first -= self.layers;
                    span.end -= self.layers;
                }
                places[count] = span;
                count += 1;
            }
            i += 1;
        }
        count
    }

    /// Which of the pieces that are left one of all pieces is like.
    pub(crate) const fn piece(&self, all: usize) -> usize {
        let left_out = self.copies - 3;
        if all < self.piece + 2 {
            all
        } else if all < self.piece + 2 + left_out {
            self.piece + 1
        } else {
            all - left_out
        }
    }
}

const fn length(span: &Span) -> usize {
    span.end - span.first
}

/// Whether two copies have the same layers, which read the same places of their own copy and
/// of the one before, or the same values before the first copy.
#[expect(
    clippy::redundant_pattern_matching,
    reason = "const evaluation goes through all copies, and calls take it longest"
)]
const fn alike(graph: &Graph, first: usize, one: usize, other: usize, each: usize) -> bool {
    let nodes = graph.nodes();
    let begin = nodes[first].output;
    let by = nodes[other].output - nodes[one].output;
    let mut i = 0;
    while i < each {
        let (a, b) = (&nodes[one + i], &nodes[other + i]);
        let (step, also) = (&a.step, &b.step);
        if step.kind.rules as u8 != also.kind.rules as u8
            || step.kind.place != also.kind.place
            || step.results != also.results
            || matches!(step.shared, Some(_))
            || matches!(also.shared, Some(_))
            || !step.arguments.is_same(&also.arguments)
        {
            return false;
        }
        // What is there already is not looked into.
        if matches!(step.kind.rules, Rules::CustomLayer | Rules::Subnetwork) {
            return false;
        }
        match (step.inputs, also.inputs) {
            ([x], [y]) => {
                if *y != *x + by && (*y != *x || *x >= begin) {
                    return false;
                }
            }
            ([x, v], [y, w]) => {
                if *y != *x + by && (*y != *x || *x >= begin)
                    || *w != *v + by && (*w != *v || *v >= begin)
                {
                    return false;
                }
            }
            (inputs, others) => {
                let count = inputs.len();
                if count != others.len() {
                    return false;
                }
                let mut k = 0;
                while k < count {
                    let moved = others[k] == inputs[k] + by;
                    if !moved && (others[k] != inputs[k] || inputs[k] >= begin) {
                        return false;
                    }
                    k += 1;
                }
            }
        }
        i += 1;
    }
    true
}

impl<'a> Flow<'a> {
    /// The flow without the layers that are left out.
    pub(crate) const fn without(mut self, skip: Skip) -> Self {
        self.skip = Some(skip);
        self
    }

    /// How many layers of the network a layer stands for.
    pub(crate) const fn times(&self, index: usize) -> u64 {
        match &self.skip {
            Some(skip) => skip.times(index),
            None => 1,
        }
    }
}
