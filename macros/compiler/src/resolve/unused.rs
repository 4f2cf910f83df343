//! Values that reach no output.

use crate::graph::{Resolved, Warning};
use crate::ordered::Set;

/// Warns of values that nothing reads.
pub(super) fn warn(graph: &mut Resolved) {
    let mut read = Set::new();
    for node in &graph.nodes {
        for input in &node.step.inputs {
            read.insert(*input);
        }
    }
    for (_, output) in &graph.outputs {
        read.insert(*output);
    }
    let mut told = Set::new();
    for (value, info) in graph.values.iter().enumerate() {
        if !read.contains(&value)
            && let Some(watch) = &info.watch
            && told.insert(watch.key)
        {
            graph.warnings.push(Warning {
                lint: "unused_value",
                span: watch.span,
                message: format!(
                    "the value of `{}`, {}, reaches no output; it still counts. A leading underscore or `#[allow(unused_value)]` allows it",
                    watch.name,
                    if info.symbolic { "whose shape only rustc knows".to_owned() } else { info.shape.to_string() }
                ),
            });
        }
    }
}
