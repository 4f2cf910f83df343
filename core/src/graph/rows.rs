//! The layers of a network as a table: each different one once.

use crate::graph::tracer::Tracer;
use crate::graph::{Step, Trace};
use crate::shape::Shape;

/// Runs the rules of every layer over the shapes of the inputs, as
/// [`trace`](crate::graph::trace) does: of each different step, then a row for
/// every layer.
///
/// Most layers of a deep network are like others but for their place, and what
/// rustc checks fastest are plain arrays of literals. A row is the number of the
/// step, how many values go in, and which; the paths stand apart.
///
/// ```
/// use shapewise_core::graph::{Step, Trace, trace_rows};
/// use shapewise_core::{Shape, Value, layers};
///
/// // Two equal layers, one after the other.
/// static ROWS: [usize; 6] = [0, 1, 0, 0, 1, 1];
/// const TRACE: Trace<2, 3> = trace_rows(
///     &[Shape::new(&[128])],
///     &[Step::new(layers::linear, &[("features", Value::Int(128))], &[], 1, "")],
///     &ROWS,
///     &["fc1", "fc2"],
/// );
/// assert_eq!(TRACE.nodes[1].inputs, [1]);
/// assert_eq!(TRACE.nodes[1].path, "fc2");
/// assert_eq!(TRACE.nodes[1].counts, TRACE.nodes[0].counts);
/// ```
///
/// # Panics
///
/// When a layer does not fit, or the table is not one of so many layers.
#[must_use]
#[track_caller]
pub const fn trace_rows<const NODES: usize, const VALUES: usize>(
    inputs: &[Shape],
    different: &[Step],
    rows: &'static [usize],
    paths: &[&'static str; NODES],
) -> Trace<NODES, VALUES> {
    let mut tracer = Tracer::new();
    let mut i = 0;
    while i < inputs.len() {
        tracer.input(inputs[i]);
        i += 1;
    }
    // Where each different step is first used, of those so far: they come in order.
    let mut first = [0; NODES];
    let mut seen = 0;
    let mut rest = rows;
    let mut i = 0;
    while i < NODES {
        let [which, count, after @ ..] = rest else {
            panic!("a row for every layer");
        };
        let (inputs, after) = after.split_at(*count);
        rest = after;
        let mut step = different[*which];
        step.inputs = inputs;
        step.path = paths[i];
        if *which < seen {
            step.like = Some(first[*which]);
        } else {
            assert!(*which == seen, "a step is first used in its turn");
            first[seen] = i;
            seen += 1;
        }
        tracer.layer(&step, step.path);
        i += 1;
    }
    tracer.finish()
}
