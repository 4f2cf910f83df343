//! When each value is needed.

use super::flow::Placed;
use super::{Flow, Peak, peak};
use crate::graph::Graph;
use crate::layer::Memory;

/// When a value is needed, and where it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    /// The value whose memory this one has: itself, or the one that it is an
    /// alias of or was made in place of.
    pub buffer: usize,
    /// The layer that makes the buffer; 0 for the network's inputs, which are
    /// there from the beginning.
    pub first: usize,
    /// The last layer that reads the buffer; the number of layers for the
    /// network's outputs, which are never given up.
    pub last: usize,
    /// How many layers read the value; an output is read by the caller, too.
    readers: usize,
    /// Whether everything that lies in the buffer so far has one reader.
    sole: bool,
}

impl Life {
    /// What places hold before [`lives`] fills them.
    pub const NONE: Self = Self {
        buffer: 0,
        first: 0,
        last: 0,
        readers: 0,
        sole: false,
    };

    /// Whether the buffer is needed while the layer `node` runs.
    #[must_use]
    pub const fn covers(&self, node: usize) -> bool {
        self.first <= node && node <= self.last
    }

    /// Whether both buffers are needed at the same time.
    #[must_use]
    pub const fn meets(&self, other: &Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }
}

/// Finds out when each value is needed, at inference, in the order of the graph.
///
/// A value dies after its last reader. Flatten, reshape, identity and dropout
/// make no new value; elementwise layers work in place when they are the only
/// reader of what they write over. What a layer needs within itself is not
/// counted.
///
/// `places` has a place per value.
///
/// # Panics
///
/// With fewer places than values.
pub const fn lives(flow: &Flow<'_>, places: &mut [Life]) {
    count_readers(flow, places);
    let mut value = 0;
    while value < flow.inputs() {
        places[value].buffer = value;
        places[value].sole = places[value].readers == 1;
        value += 1;
    }
    let mut i = 0;
    while i < flow.nodes() {
        let node = flow.node(i);
        let mut k = 0;
        while k < node.inputs() {
            let buffer = places[node.input(k)].buffer;
            places[buffer].last = i;
            k += 1;
        }
        let parent = parent(flow, &node, places);
        let mut value = node.output();
        while value < node.end() {
            let sole = places[value].readers == 1;
            let place = &mut places[value];
            place.buffer = value;
            place.first = i;
            place.last = i;
            place.sole = sole;
            if let Some(parent) = parent {
                places[value].buffer = places[parent].buffer;
                places[value].sole = sole && places[parent].sole;
            }
            value += 1;
        }
        i += 1;
    }
    let mut output = 0;
    while output < flow.outputs() {
        let buffer = places[flow.output(output)].buffer;
        places[buffer].last = flow.nodes();
        output += 1;
    }
    // The others of a buffer live as long as it does.
    let mut value = 0;
    while value < flow.values() {
        let buffer = places[places[value].buffer];
        places[value].first = buffer.first;
        places[value].last = buffer.last;
        value += 1;
    }
}

const fn count_readers(flow: &Flow<'_>, places: &mut [Life]) {
    let mut value = 0;
    while value < flow.values() {
        places[value] = Life::NONE;
        value += 1;
    }
    let mut i = 0;
    while i < flow.nodes() {
        let node = flow.node(i);
        let mut k = 0;
        while k < node.inputs() {
            let input = node.input(k);
            if !is_among(&node, k, input) {
                places[input].readers += 1;
            }
            k += 1;
        }
        i += 1;
    }
    let mut output = 0;
    while output < flow.outputs() {
        places[flow.output(output)].readers += 1;
        output += 1;
    }
}

/// The value whose memory the results of a layer have, if they have none of
/// their own.
const fn parent(flow: &Flow<'_>, node: &Placed<'_>, places: &[Life]) -> Option<usize> {
    match node.layer().memory() {
        Memory::Fresh => None,
        Memory::Alias | Memory::Absent => Some(node.input(0)),
        Memory::InPlace => {
            let mut k = 0;
            while k < node.inputs() {
                let input = node.input(k);
                // Operands that are repeated over positions have no room.
                if places[input].sole && flow.shape(input).equals(flow.shape(node.output())) {
                    return Some(input);
                }
                k += 1;
            }
            None
        }
    }
}

/// Whether `value` is among the first `count` that go into a layer.
const fn is_among(node: &Placed<'_>, count: usize, value: usize) -> bool {
    let mut k = 0;
    while k < count {
        if node.input(k) == value {
            return true;
        }
        k += 1;
    }
    false
}

/// When each of a graph's values is needed; those inside of networks are numbered as
/// [`Leaf`](crate::graph::Leaf) has them, layers as [`Graph::walk`].
#[derive(Clone, Copy, Debug)]
pub struct Liveness<const VALUES: usize> {
    /// The life of each value.
    pub lives: [Life; VALUES],
    /// The most elements that are alive at once.
    pub peak: Peak,
}

impl<const VALUES: usize> Liveness<VALUES> {
    /// Of a graph with so many values.
    ///
    /// # Panics
    ///
    /// With another number of values, or when the peak does not fit 64 bits.
    #[must_use]
    pub const fn of(graph: &Graph) -> Self {
        assert!(
            graph.values_inside() == VALUES,
            "a place for each value, those inside of networks too"
        );
        let flow = Flow::of(graph);
        let mut places = [Life::NONE; VALUES];
        lives(&flow, &mut places);
        match peak(&flow, &places) {
            Ok(peak) => Self {
                lives: places,
                peak,
            },
            Err(error) => error.panic(graph.name()),
        }
    }

    /// The values whose memory is needed while the layer `node` runs, one for
    /// each buffer.
    pub fn alive(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        let buffers = self.lives.iter().enumerate();
        buffers
            .filter(move |(value, life)| life.buffer == *value && life.covers(node))
            .map(|(value, _)| value)
    }
}

pub(super) const WHAT: &str = "the number of elements alive at once";
