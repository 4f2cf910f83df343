//! The graph as far as it is built: its values and layers, and what those are
//! called.

use proc_macro2::Ident;
use shapewise_core::Shape;

use super::naming::Paths;
use crate::graph::{Resolved, ValueInfo, Watch};
use crate::ordered::Names;
use crate::syntax::tree::{Id, Network};

/// A network as far as it is built.
#[derive(Debug)]
pub(super) struct Draft {
    /// Its graph.
    pub(super) graph: Resolved,
    /// What its layers are called.
    pub(super) paths: Paths,
    /// The constants so far, and the paths of their labels.
    pub(super) constants: Names<String>,
    /// How many labelled repeats or blocks hide labels from the constants.
    pub(super) hidden: usize,
    /// How many enclosing statements allow values that nothing reads.
    pub(super) unused_allowed: usize,
    /// How many shapes were guessed: those of networks and layers of elsewhere.
    pub(super) guessed: usize,
}

impl Draft {
    /// The draft of a network, with nothing in it.
    pub(super) fn new(network: &Network) -> Self {
        Self {
            graph: Resolved::new(network.name.to_string()),
            paths: Paths::default(),
            constants: Names::new(),
            hidden: 0,
            unused_allowed: usize::from(network.attributes.allows("unused_value")),
            guessed: 0,
        }
    }

    /// The shape of a value.
    pub(super) fn shape_of(&self, value: usize) -> Shape {
        self.graph.values[value].shape
    }

    /// Adds a value; gives its number.
    pub(super) fn value(&mut self, value: ValueInfo) -> usize {
        self.graph.values.push(value);
        self.graph.values.len() - 1
    }

    /// Adds a value of a shape that the author declares, or that follows from what was
    /// meant; `origin` is where it comes from.
    pub(super) fn assume(&mut self, shape: Shape, origin: String) -> usize {
        self.value(ValueInfo {
            shape,
            symbolic: false,
            code: None,
            display: shape.to_string(),
            origin,
            node: None,
            watch: None,
        })
    }

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
}
