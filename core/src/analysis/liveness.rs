//! When each value is needed.

use super::{Flow, Link, Peak, peak, peak::size};
use crate::error::Error;
use crate::formula;
use crate::graph::Graph;
use crate::layer::{Memory, attempt};

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
/// counted, but for networks: their values are alive and die as if their layers
/// stood in their place.
///
/// `places` has a place per value.
///
/// # Panics
///
/// With fewer places than values.
pub const fn lives(flow: &Flow<'_>, places: &mut [Life]) {
    lives_within(flow, None, places);
}

/// [`lives`] of a network that is a layer, if there is a border around it.
pub(super) const fn lives_within(
    flow: &Flow<'_>,
    border: Option<&Border<'_>>,
    places: &mut [Life],
) {
    count_readers(flow, border, places);
    let mut value = 0;
    while value < flow.inputs() {
        places[value].buffer = value;
        places[value].sole = places[value].readers == 1
            && match border {
                Some(border) => border.reads_alone(),
                None => true,
            };
        value += 1;
    }
    let mut i = 0;
    while i < flow.nodes() {
        let node = flow.node(i);
        let mut k = 0;
        while k < node.inputs.len() {
            let buffer = places[node.inputs[k]].buffer;
            places[buffer].last = i;
            k += 1;
        }
        if let Some(inner) = &node.inside {
            with_places!(inner.values(), results_of(inner, &node, i, places));
            i += 1;
            continue;
        }
        let parent = parent(flow, i, places);
        let mut value = node.output;
        while value < node.output + node.results {
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
        if is_read(border, output) {
            let buffer = places[flow.output(output)].buffer;
            places[buffer].last = flow.nodes();
        }
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

const fn count_readers(flow: &Flow<'_>, border: Option<&Border<'_>>, places: &mut [Life]) {
    let mut value = 0;
    while value < flow.values() {
        places[value] = Life::NONE;
        value += 1;
    }
    let mut i = 0;
    while i < flow.nodes() {
        let node = flow.node(i);
        let mut k = 0;
        while k < node.inputs.len() {
            if !among(node.inputs, k, node.inputs[k]) {
                places[node.inputs[k]].readers += 1;
            }
            k += 1;
        }
        i += 1;
    }
    let mut output = 0;
    while output < flow.outputs() {
        if is_read(border, output) {
            places[flow.output(output)].readers += 1;
        }
        output += 1;
    }
}

/// What is around a network that is a layer.
#[derive(Clone, Copy)]
pub(super) struct Border<'a> {
    /// The layer that it is.
    pub(super) node: &'a Link<'a>,
    /// The lives of the values around it.
    pub(super) places: &'a [Life],
}

impl Border<'_> {
    /// Whether nobody else reads what goes in. Several inputs may lie in one
    /// buffer: they are taken as read by others.
    const fn reads_alone(&self) -> bool {
        self.node.inputs.len() == 1 && self.places[self.node.inputs[0]].sole
    }

    /// Whether what goes in is not needed after the layer, which is the
    /// `index`th.
    pub(super) const fn gives_up(&self, index: usize) -> bool {
        self.node.inputs.len() == 1
            && self.places[self.places[self.node.inputs[0]].buffer].last == index
    }
}

/// Whether somebody outside reads an output.
const fn is_read(border: Option<&Border<'_>>, output: usize) -> bool {
    match border {
        Some(Border { node, places }) => {
            output < node.results && places[node.output + output].readers > 0
        }
        None => true,
    }
}

/// Finds out where the results of a network lie, which is the layer `index`.
const fn results_of<const N: usize>(
    inner: &Flow<'_>,
    node: &Link<'_>,
    index: usize,
    places: &mut [Life],
) {
    let mut own = [Life::NONE; N];
    lives_within(inner, Some(&Border { node, places }), &mut own);
    let mut result = 0;
    while result < node.results {
        let value = node.output + result;
        let inside = own[inner.output(result)];
        let mut sole = inside.sole && places[value].readers == 1;
        let mut buffer = value;
        if inside.buffer < inner.inputs() {
            let input = places[node.inputs[inside.buffer]];
            buffer = input.buffer;
            sole = sole && input.sole;
        }
        let mut earlier = 0;
        while earlier < result && buffer == value {
            if own[inner.output(earlier)].buffer == inside.buffer {
                buffer = node.output + earlier;
            }
            earlier += 1;
        }
        let place = &mut places[value];
        place.buffer = buffer;
        place.first = index;
        place.last = index;
        place.sole = sole;
        result += 1;
    }
}

/// The value whose memory the results of a layer have, if they have none of
/// their own.
const fn parent(flow: &Flow<'_>, index: usize, places: &[Life]) -> Option<usize> {
    let node = flow.node(index);
    match node.layer.memory() {
        Memory::Fresh => None,
        Memory::Alias | Memory::Absent => Some(node.inputs[0]),
        Memory::InPlace => {
            let mut k = 0;
            while k < node.inputs.len() {
                let input = node.inputs[k];
                // Operands that are repeated over positions have no room.
                if places[input].sole && flow.shape(input).equals(flow.shape(node.output)) {
                    return Some(input);
                }
                k += 1;
            }
            None
        }
    }
}

/// Whether `value` is among the first `count`.
const fn among(values: &[usize], count: usize, value: usize) -> bool {
    let mut i = 0;
    while i < count {
        if values[i] == value {
            return true;
        }
        i += 1;
    }
    false
}

/// The elements that training keeps for one sample: the inputs and all results,
/// since each is needed again on the way back. Only what is another view of the
/// same elements is not counted twice.
///
/// # Errors
///
/// [`Error::Overflow`] when the number does not fit 64 bits.
pub const fn training(flow: &Flow<'_>) -> Result<u64, Error> {
    let mut sum = 0;
    let mut value = 0;
    while value < flow.inputs() {
        sum = attempt!(formula::sum(sum, attempt!(size(flow, value, 1)), WHAT));
        value += 1;
    }
    match results_kept(flow) {
        Ok(results) => formula::sum(sum, results, WHAT),
        Err(error) => Err(error),
    }
}

/// The elements of all results that training keeps.
const fn results_kept(flow: &Flow<'_>) -> Result<u64, Error> {
    let mut sum = 0;
    let mut i = 0;
    while i < flow.nodes() {
        let node = flow.node(i);
        if let Some(inner) = &node.inside {
            sum = attempt!(formula::sum(sum, attempt!(results_kept(inner)), WHAT));
            i += 1;
            continue;
        }
        let mut result = 0;
        while result < node.results && !matches!(node.layer.memory(), Memory::Alias) {
            let more = attempt!(size(flow, node.output + result, 1));
            sum = attempt!(formula::sum(sum, more, WHAT));
            result += 1;
        }
        i += 1;
    }
    Ok(sum)
}

/// When each of a graph's values is needed.
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
        assert!(graph.values.len() == VALUES, "a place for each value");
        let flow = Flow::of(graph);
        let mut places = [Life::NONE; VALUES];
        lives(&flow, &mut places);
        match peak(&flow, &places) {
            Ok(peak) => Self {
                lives: places,
                peak,
            },
            Err(error) => error.panic(graph.name),
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
