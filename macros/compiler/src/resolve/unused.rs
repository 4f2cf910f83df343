//! Values that reach no output.

use std::collections::HashSet;

use proc_macro2::Ident;

use super::Builder;
use super::graph::{Warning, Watch};

impl Builder<'_> {
    /// How a value of this name is told of when nothing reads it; nothing where
    /// that is allowed.
    pub(super) fn watch(&self, name: &Ident, unit: usize, result: usize) -> Option<Watch> {
        let text = name.to_string();
        if self.unused_allowed > 0 || text.starts_with('_') {
            return None;
        }
        Some(Watch {
            span: name.span(),
            name: text,
            key: (unit, result),
        })
    }

    /// Warns of values that nothing reads.
    pub(super) fn unused(&mut self) {
        let inputs = self
            .graph
            .nodes
            .iter()
            .flat_map(|node| node.inputs.iter().copied());
        let outputs = self.graph.outputs.iter().map(|(_, value)| *value);
        let read: HashSet<usize> = inputs.chain(outputs).collect();
        let mut told = HashSet::new();
        let unread = self
            .graph
            .values
            .iter()
            .enumerate()
            .filter(|(value, _)| !read.contains(value));
        for (_, info) in unread {
            if let Some(watch) = &info.watch
                && told.insert(watch.key)
            {
                self.graph.warnings.push(Warning {
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
}
