//! Where a layer stands among networks that are layers of each other.

use shapewise_core::graph::{Graph, Node};

/// The network that a layer stands in, and what is before the paths there.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) graph: &'static Graph,
    /// What the names of nodes and values begin with.
    prefix: String,
    /// What the names of tensors begin with: they are stored with the network
    /// whose weights these are.
    stored: String,
}

impl Place {
    /// In a network that is no layer.
    pub(crate) fn outermost(graph: &'static Graph) -> Self {
        Self {
            graph,
            prefix: String::new(),
            stored: String::new(),
        }
    }

    /// In the network that is this layer.
    pub(crate) fn inside(&self, node: &Node, graph: &'static Graph) -> Self {
        Self {
            graph,
            prefix: format!("{}{}.", self.prefix, node.path),
            stored: format!("{}{}.", self.stored, self.owner(node).path),
        }
    }

    /// The path of a layer from the outermost network on.
    pub(crate) fn path(&self, node: &Node) -> String {
        format!("{}{}", self.prefix, node.path)
    }

    /// What a tensor of the layers here is called where it is stored.
    pub(crate) fn stored(&self, name: impl std::fmt::Display) -> String {
        format!("{}{name}", self.stored)
    }

    /// The layer whose weights a layer has: itself, or the first that it shares
    /// them with.
    pub(crate) fn owner(&self, node: &Node) -> Node {
        let mut node = *node;
        while let Some(owner) = node.shared {
            node = self.graph.nodes()[owner];
        }
        node
    }
}
