//! How many elements are alive at once.

use super::Flow;
use super::flow::Placed;
use super::liveness::{Life, WHAT};
use crate::error::{Error, attempt};
use crate::formula;

/// The most elements that are alive at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peak {
    /// How many.
    pub elements: u64,
    /// The first layer while which it is so many, numbered as
    /// [`Graph::walk`](crate::Graph::walk) has them.
    pub node: usize,
    /// The three largest values alive there, the largest first, numbered as
    /// [`Leaf`](crate::graph::Leaf) has them.
    pub largest: [Option<usize>; 3],
}

/// The most elements that are alive at once, from what [`lives`](super::lives) found.
///
/// # Errors
///
/// [`Error::Overflow`] when the number does not fit 64 bits.
///
/// # Panics
///
/// With fewer places than values.
pub const fn peak(flow: &Flow<'_>, places: &[Life]) -> Result<Peak, Error> {
    peak_aligned(flow, places, 1)
}

/// [`peak`] with the elements of each buffer rounded up to a multiple.
pub(super) const fn peak_aligned(
    flow: &Flow<'_>,
    places: &[Life],
    align: u64,
) -> Result<Peak, Error> {
    let mut alive = attempt!(inputs_alive(flow, align));
    let mut peak = Peak {
        elements: alive,
        node: 0,
        largest: [None; 3],
    };
    let mut i = 0;
    while i < flow.nodes() {
        let node = flow.node(i);
        alive = attempt!(with_made(flow, &node, places, alive, align));
        if alive > peak.elements {
            peak.elements = alive;
            peak.node = i;
        }
        alive -= attempt!(given_up(flow, i, places, align));
        i += 1;
    }
    let mut value = 0;
    while value < flow.values() {
        if places[value].buffer == value && places[value].covers(peak.node) {
            peak.largest = insert(flow, peak.largest, value);
        }
        value += 1;
    }
    Ok(peak)
}

/// The elements of the inputs.
const fn inputs_alive(flow: &Flow<'_>, align: u64) -> Result<u64, Error> {
    let mut alive: u64 = 0;
    let mut value = 0;
    while value < flow.inputs() {
        alive = attempt!(formula::sum(
            alive,
            attempt!(size(flow, value, align)),
            WHAT
        ));
        value += 1;
    }
    Ok(alive)
}

/// What is alive when a layer has made its results.
const fn with_made(
    flow: &Flow<'_>,
    node: &Placed<'_>,
    places: &[Life],
    mut alive: u64,
    align: u64,
) -> Result<u64, Error> {
    let mut value = node.output();
    while value < node.end() {
        if places[value].buffer == value {
            let more = attempt!(size(flow, value, align));
            alive = attempt!(formula::sum(alive, more, WHAT));
        }
        value += 1;
    }
    Ok(alive)
}

/// Calls `each` with the elements that are alive while each layer runs.
///
/// # Errors
///
/// [`Error::Overflow`] when a number does not fit 64 bits.
///
/// # Panics
///
/// With fewer places than values.
pub fn each_alive(
    flow: &Flow<'_>,
    places: &[Life],
    each: &mut dyn FnMut(u64),
) -> Result<(), Error> {
    let mut alive = inputs_alive(flow, 1)?;
    for i in 0..flow.nodes() {
        alive = with_made(flow, &flow.node(i), places, alive, 1)?;
        each(alive);
        alive -= given_up(flow, i, places, 1)?;
    }
    Ok(())
}

/// The elements of the buffers that nobody needs after the layer `index`.
const fn given_up(
    flow: &Flow<'_>,
    index: usize,
    places: &[Life],
    align: u64,
) -> Result<u64, Error> {
    let node = flow.node(index);
    let mut freed = 0;
    // Inputs that nobody reads are not among those of the first layer.
    let mut value = 0;
    while index == 0 && value < flow.inputs() {
        if places[value].last == 0 {
            freed += attempt!(size(flow, value, align));
        }
        value += 1;
    }
    let mut k = 0;
    while k < node.inputs() {
        let buffer = places[node.input(k)].buffer;
        let mut again = index == 0 && buffer < flow.inputs();
        let mut earlier = 0;
        while earlier < k && !again {
            again = places[node.input(earlier)].buffer == buffer;
            earlier += 1;
        }
        if !again && places[buffer].last == index {
            freed += attempt!(size(flow, buffer, align));
        }
        k += 1;
    }
    let mut value = node.output();
    while value < node.end() {
        if places[value].buffer == value && places[value].last == index {
            freed += attempt!(size(flow, value, align));
        }
        value += 1;
    }
    Ok(freed)
}

/// The elements of a value, rounded up.
pub(super) const fn size(flow: &Flow<'_>, value: usize, align: u64) -> Result<u64, Error> {
    let rounded = match flow.shape(value).checked_elements() {
        Some(elements) => elements.checked_next_multiple_of(align),
        None => None,
    };
    match rounded {
        Some(elements) => Ok(elements),
        None => Err(formula::overflow(WHAT)),
    }
}

const fn insert(
    flow: &Flow<'_>,
    mut largest: [Option<usize>; 3],
    value: usize,
) -> [Option<usize>; 3] {
    let mut value = value;
    let mut place = 0;
    while place < largest.len() {
        match largest[place] {
            None => {
                largest[place] = Some(value);
                return largest;
            }
            Some(other) if elements(flow, other) < elements(flow, value) => {
                largest[place] = Some(value);
                value = other;
            }
            Some(_) => {}
        }
        place += 1;
    }
    largest
}

const fn elements(flow: &Flow<'_>, value: usize) -> u64 {
    match flow.shape(value).checked_elements() {
        Some(elements) => elements,
        None => u64::MAX,
    }
}
