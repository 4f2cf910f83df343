//! Where each value can lie in one block of memory.

use super::liveness::{Life, lives};
use super::peak::{peak, peak_aligned, size};
use super::{Flow, Liveness, Peak};
use crate::error::{Error, attempt};
use crate::formula;
use crate::graph::Graph;

/// A place for every value in one block of memory, such that values that are
/// alive at the same time do not overlap: how large a `static` buffer must be.
///
/// The values inside of a network that is a layer have places, too: values are
/// numbered with its layers in its place, as [`Leaf`](crate::graph::Leaf) has
/// them, and there are [`Graph::values_inside`] of them. Without such a layer these
/// are the graph's own values and numbers.
///
/// Sizes and offsets are in elements. See [`crate::analysis`] for an example, and
/// this one of a network with another one in it:
///
/// ```
/// # use shapewise_core::graph::{DType, Graph, Step, Trace, trace, trace_with};
/// # use shapewise_core::{Shape, Value, layers};
/// use shapewise_core::analysis::Arena;
///
/// static INNER: Trace<2, 3> = trace(
///     &[Shape::new(&[8])],
///     &[
///         &Step::new(layers::linear, &[("features", Value::Int(100))], &[0], 1, "wide"),
///         &Step::new(layers::linear, &[("features", Value::Int(8))], &[1], 1, "narrow"),
///     ],
/// );
/// static HEAD: Graph = Graph::new("Head", DType::F32, &["x"], &INNER, &[("y", 2)]);
/// static OUTER: Trace<2, 3> = trace_with(
///     &[&HEAD],
///     &[Shape::new(&[8])],
///     &[
///         &Step::network(0, &[0], 1, "head"),
///         &Step::new(layers::linear, &[("features", Value::Int(4))], &[1], 1, "last"),
///     ],
/// );
/// static GRAPH: Graph =
///     Graph::containing(&[&HEAD], "Outer", DType::F32, &["x"], &OUTER, &[("y", 2)]);
/// const PLAN: Arena<{ GRAPH.values_inside() }> = Arena::of(&GRAPH);
///
/// assert_eq!(PLAN.size, 8 + 100);
/// let offsets: Vec<(String, usize)> = GRAPH
///     .walk()
///     .map(|leaf| (leaf.path().to_string(), PLAN.offset(leaf.output())))
///     .collect();
/// assert_eq!(offsets[0], ("head.wide".to_owned(), 0));
/// assert_eq!(offsets[1], ("head.narrow".to_owned(), 100));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Arena<const VALUES: usize> {
    /// The size of the block.
    pub size: usize,
    /// What no plan can do with less than: the most of the plan's values that is
    /// alive at once.
    pub lower_bound: usize,
    /// When each value is needed; layers are numbered as [`Graph::walk`] has them.
    pub liveness: Liveness<VALUES>,
    offsets: [usize; VALUES],
}

impl<const VALUES: usize> Arena<VALUES> {
    /// The plan for a graph with so many values, those inside of its networks
    /// among them.
    ///
    /// # Panics
    ///
    /// With another number of values, or when the size does not fit a `usize`.
    #[must_use]
    pub const fn of(graph: &Graph) -> Self {
        Self::aligned(graph, 1)
    }

    /// The plan in which every offset is a multiple of `align` elements.
    ///
    /// # Panics
    ///
    /// As [`Arena::of`], and with an `align` of 0.
    #[must_use]
    pub const fn aligned(graph: &Graph, align: usize) -> Self {
        assert!(align > 0, "an alignment of 0 elements");
        assert!(
            graph.values_inside() == VALUES,
            "a place for each value, those inside of networks too"
        );
        let mut lives = [Life::NONE; VALUES];
        let mut offsets = [0; VALUES];
        let mut plan = Plan {
            lives: &mut lives,
            offsets: &mut offsets,
            order: &mut [0; VALUES],
            next: &mut [0; VALUES],
        };
        match plan.fill(&Flow::of(graph), align) {
            Ok((size, lower_bound, peak)) => Self {
                size,
                lower_bound,
                liveness: Liveness { lives, peak },
                offsets,
            },
            Err(error) => error.panic(graph.name()),
        }
    }

    /// Where a value lies.
    ///
    /// # Panics
    ///
    /// When there is no such value.
    #[must_use]
    pub const fn offset(&self, value: usize) -> usize {
        self.offsets[value]
    }
}

/// What a plan is written into: a place per value each.
struct Plan<'a> {
    lives: &'a mut [Life],
    offsets: &'a mut [usize],
    order: &'a mut [usize],
    next: &'a mut [usize],
}

impl Plan<'_> {
    /// Writes the plan and returns its size, its lower bound, and the peak.
    const fn fill(&mut self, flow: &Flow<'_>, align: usize) -> Result<(usize, usize, Peak), Error> {
        lives(flow, self.lives);
        let size = attempt!(place(
            flow,
            self.lives,
            align,
            self.offsets,
            self.order,
            self.next
        ));
        let bound = attempt!(peak_aligned(flow, self.lives, align as u64));
        #[expect(clippy::cast_possible_truncation, reason = "no more than the size")]
        let bound = bound.elements as usize;
        Ok((size, bound, attempt!(peak(flow, self.lives))))
    }
}

/// The end of the list of places.
const END: usize = usize::MAX;

/// Puts every buffer of `lives` in a place, the largest first, each into the
/// first gap that it fits into, and returns the size of the whole. Of buffers of
/// one size, the one that is made first goes first.
///
/// `offsets`, `order` and `next` have a place per value; the first is the
/// result.
///
/// Source: `GreedyMemoryPlanner` of TensorFlow Lite Micro.
///
/// # Errors
///
/// [`Error::Overflow`] when the size does not fit a `usize`.
///
/// # Panics
///
/// With fewer places than values.
pub const fn place(
    flow: &Flow<'_>,
    lives: &[Life],
    align: usize,
    offsets: &mut [usize],
    order: &mut [usize],
    next: &mut [usize],
) -> Result<usize, Error> {
    let count = attempt!(by_size(flow, lives, order));
    let mut first = END;
    let mut end = 0;
    let mut i = 0;
    while i < count {
        let buffer = order[i];
        let elements = attempt!(extent(flow, buffer, align));
        let mut at = 0;
        let mut other = first;
        while other != END {
            if lives[other].meets(&lives[buffer]) {
                if offsets[other] >= at && offsets[other] - at >= elements {
                    break;
                }
                let behind = offsets[other] + attempt!(extent(flow, other, align));
                if behind > at {
                    at = behind;
                }
            }
            other = next[other];
        }
        let behind = match at.checked_add(elements) {
            Some(behind) => behind,
            None => return Err(formula::overflow(WHAT)),
        };
        if behind > end {
            end = behind;
        }
        offsets[buffer] = at;
        first = link(first, buffer, offsets, next);
        i += 1;
    }
    let mut value = 0;
    while value < flow.values() {
        offsets[value] = offsets[lives[value].buffer];
        value += 1;
    }
    Ok(end)
}

/// Adds a buffer to the list of those that have a place, which is in the order
/// of offsets, and returns the first of the list.
const fn link(first: usize, buffer: usize, offsets: &[usize], next: &mut [usize]) -> usize {
    if first == END || offsets[buffer] < offsets[first] {
        next[buffer] = first;
        return buffer;
    }
    let mut before = first;
    while next[before] != END && offsets[next[before]] <= offsets[buffer] {
        before = next[before];
    }
    next[buffer] = next[before];
    next[before] = buffer;
    first
}

/// Writes the buffers into `order`, the largest first, and returns how many
/// there are.
const fn by_size(flow: &Flow<'_>, lives: &[Life], order: &mut [usize]) -> Result<usize, Error> {
    let mut count = 0;
    let mut value = 0;
    while value < flow.values() {
        if lives[value].buffer == value {
            let elements = attempt!(size(flow, value, 1));
            let mut at = count;
            while at > 0 && attempt!(size(flow, order[at - 1], 1)) < elements {
                order[at] = order[at - 1];
                at -= 1;
            }
            order[at] = value;
            count += 1;
        }
        value += 1;
    }
    Ok(count)
}

/// The elements of a buffer, rounded up.
const fn extent(flow: &Flow<'_>, buffer: usize, align: usize) -> Result<usize, Error> {
    match size(flow, buffer, align as u64) {
        #[expect(clippy::cast_possible_truncation, reason = "compared just before")]
        Ok(elements) if elements <= usize::MAX as u64 => Ok(elements as usize),
        Ok(_) => Err(formula::overflow(WHAT)),
        Err(error) => Err(error),
    }
}

const WHAT: &str = "the size of the memory for activations";
