//! The analyses of a graph for constants, whose evaluation has no stack to run out of.
//!
//! Const evaluation cannot call the functions that run time finds its places with, and
//! a constant that is given a graph does not know how many values that has. Never to be
//! called at run time: optimised, the places of all sizes are in one frame.

use super::{
    Field, Flow, Life, Peak, Stored, depth as depth_in, fields, largest_output, lives, peak_in,
    store,
};
use crate::graph::{Graph, Stage};
use crate::layer::kept::{Amounts, Backward};

/// Calls a function that needs a place per value with enough of them.
macro_rules! with_places {
    ($graph:expr, $function:ident($($argument:expr),*)) => {
        match $graph.values_inside() {
            0..=64 => $function::<64>($($argument),*),
            65..=512 => $function::<512>($($argument),*),
            513..=4096 => $function::<4096>($($argument),*),
            4097..=32768 => $function::<32768>($($argument),*),
            _ => $function::<262_144>($($argument),*),
        }
    };
}

/// The most elements that are alive at once.
///
/// # Panics
///
/// When the number does not fit 64 bits, or with more than 262,144 values.
#[must_use]
pub const fn peak(graph: &Graph) -> Peak {
    const fn with<const N: usize>(graph: &Graph) -> Peak {
        let flow = Flow::of(graph);
        let mut places = [Life::NONE; N];
        let places = places.split_at_mut(flow.values()).0;
        lives(&flow, places);
        match peak_in(&flow, places) {
            Ok(peak) => peak,
            Err(error) => error.panic(graph.name()),
        }
    }
    with_places!(graph, with(graph))
}

/// Bytes of the activations that are alive at once.
///
/// # Panics
///
/// As [`peak`].
#[must_use]
pub const fn peak_bytes(graph: &Graph) -> u64 {
    match peak(graph).elements.checked_mul(graph.dtype().bytes()) {
        Some(bytes) => bytes,
        None => panic!("the bytes of the activations do not fit 64 bits"),
    }
}

/// What training keeps of one sample, as [`Graph::kept`] of [`Backward::eager`].
///
/// # Panics
///
/// When the bytes do not fit 64 bits, or with more than 262,144 values.
#[must_use]
pub const fn kept(graph: &Graph) -> Amounts {
    const fn with<const N: usize>(graph: &Graph, pass: &Backward) -> Amounts {
        let flow = Flow::of(graph);
        let mut places = [Stored::NONE; N];
        store(&flow, pass, false, places.split_at_mut(flow.values()).0)
    }
    let pass = Backward::eager(graph.dtype().bytes());
    let kept = with_places!(graph, with(graph, &pass));
    assert!(
        kept.bytes(&pass) < u64::MAX,
        "the bytes that training keeps do not fit 64 bits"
    );
    kept
}

/// The bytes of what training keeps of one sample.
///
/// # Panics
///
/// As [`kept`].
#[must_use]
pub const fn kept_bytes(graph: &Graph) -> u64 {
    kept(graph).bytes(&Backward::eager(graph.dtype().bytes()))
}

/// The most weighted layers on any path from an input.
///
/// # Panics
///
/// With more than 262,144 values.
#[must_use]
pub const fn depth(graph: &Graph) -> usize {
    const fn with<const N: usize>(graph: &Graph) -> usize {
        let flow = Flow::of(graph);
        let mut places = [0; N];
        depth_in(&flow, places.split_at_mut(flow.values()).0)
    }
    with_places!(graph, with(graph))
}

/// What the outputs see of the first input: the largest.
///
/// # Panics
///
/// With more than 262,144 values.
#[must_use]
pub const fn output_field(graph: &Graph) -> Field {
    with_places!(graph, field_of(graph, None))
}

/// The figures of one of the network's statements, by its number.
///
/// # Panics
///
/// As [`Graph::counts`], and with more than 262,144 values.
#[must_use]
pub const fn stage(graph: &Graph, statement: usize) -> Stage {
    let statement = &graph.statements()[statement];
    let field = with_places!(graph, field_of(graph, Some(statement.output)));
    super::stage_with(graph, statement, &field)
}

/// What a value, or the outputs, see of the first input.
const fn field_of<const N: usize>(graph: &Graph, value: Option<usize>) -> Field {
    let flow = Flow::of(graph);
    if flow.inputs() == 0 {
        return Field::NOTHING;
    }
    let mut places = [Field::NOTHING; N];
    let places = places.split_at_mut(flow.values()).0;
    fields(&flow, 0, places);
    match value {
        Some(value) => places[graph.value_inside(value)],
        None => largest_output(&flow, places),
    }
}
