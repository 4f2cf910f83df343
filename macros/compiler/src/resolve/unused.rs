//! Values that reach no output.

use proc_macro2::Ident;

use super::Builder;
use crate::graph::{Warning, Watch};
use crate::ordered::Set;
use crate::syntax::tree::Id;

impl Builder<'_> {
    /// How a value of this name is told of when nothing reads it; nothing where
    /// that is allowed.
    pub(super) fn watch(&self, name: &Ident, of: Id, result: usize) -> Option<Watch> {
        let text = name.to_string();
        if self.unused_allowed > 0 || text.starts_with('_') {
            return None;
        }
        Some(Watch {
            span: name.span(),
            name: text,
            key: (of, result),
        })
    }

    /// Warns of values that nothing reads.
    pub(super) fn unused(&mut self) {
        let mut read = Set::new();
        for node in &self.graph.nodes {
            for input in &node.inputs {
                read.insert(*input);
            }
        }
        for (_, output) in &self.graph.outputs {
            read.insert(*output);
        }
        let mut told = Set::new();
        for (value, info) in self.graph.values.iter().enumerate() {
            if !read.contains(&value)
                && let Some(watch) = &info.watch
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
