//! The layers of a network and of the networks that are its layers.

use core::fmt;

use crate::graph::{FullName, Graph, Node};
use crate::layer::{Layer, Tensor};

/// How deep networks can be layers of each other; what is deeper is passed over.
const MAX_DEPTH: usize = 16;

/// The layers of a network, those of its networks in their place.
#[derive(Clone, Copy, Debug)]
pub struct Walk {
    /// The graphs from the outermost on, and the next node of each.
    stack: [(Option<&'static Graph>, usize); MAX_DEPTH],
    prefixes: [&'static str; MAX_DEPTH],
    depth: usize,
}

/// A layer that is no network.
#[derive(Clone, Copy, Debug)]
pub struct Leaf {
    /// The graph that it is a node of: its inputs are values of that.
    pub graph: &'static Graph,
    /// The layer.
    pub node: &'static Node,
    prefixes: [&'static str; MAX_DEPTH],
    depth: usize,
}

/// A path made of the paths of the networks that contain a layer, and its own.
#[derive(Clone, Copy, Debug)]
pub struct FullPath {
    prefixes: [&'static str; MAX_DEPTH],
    depth: usize,
    own: &'static str,
}

/// The name of a tensor behind the paths of the networks that contain its layer.
#[derive(Clone, Copy, Debug)]
pub struct LeafName {
    prefixes: [&'static str; MAX_DEPTH],
    depth: usize,
    own: FullName,
}

impl Graph {
    /// Every layer that is no network: those of a network that is a layer stand
    /// in its place.
    #[must_use]
    pub const fn walk(&'static self) -> Walk {
        let mut stack = [(None, 0); MAX_DEPTH];
        stack[0] = (Some(self), 0);
        Walk {
            stack,
            prefixes: [""; MAX_DEPTH],
            depth: 1,
        }
    }
}

impl Iterator for Walk {
    type Item = Leaf;

    fn next(&mut self) -> Option<Leaf> {
        while let Some(top) = self.depth.checked_sub(1) {
            let (Some(graph), next) = self.stack[top] else {
                return None;
            };
            let Some(node) = graph.nodes.get(next) else {
                self.depth = top;
                continue;
            };
            self.stack[top].1 = next + 1;
            match &node.layer {
                Layer::Subnetwork(inner) => {
                    if self.depth < MAX_DEPTH {
                        self.prefixes[top] = node.path;
                        self.stack[self.depth] = (Some(inner.graph()), 0);
                        self.depth += 1;
                    }
                }
                _ => {
                    return Some(Leaf {
                        graph,
                        node,
                        prefixes: self.prefixes,
                        depth: top,
                    });
                }
            }
        }
        None
    }
}

impl Leaf {
    /// Its path from the outermost network on: `backbone.layer1.0.conv1`.
    #[must_use]
    pub const fn path(&self) -> FullPath {
        FullPath {
            prefixes: self.prefixes,
            depth: self.depth,
            own: self.node.step.path,
        }
    }

    /// The name of one of its tensors from the outermost network on.
    #[must_use]
    pub const fn tensor_name(&self, tensor: &Tensor) -> LeafName {
        LeafName {
            prefixes: self.prefixes,
            depth: self.depth,
            own: self.node.tensor_name(tensor),
        }
    }
}

fn write_prefixes(prefixes: &[&str], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    prefixes
        .iter()
        .try_for_each(|prefix| write!(f, "{prefix}."))
}

impl fmt::Display for FullPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_prefixes(&self.prefixes[..self.depth], f)?;
        f.write_str(self.own)
    }
}

impl fmt::Display for LeafName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_prefixes(&self.prefixes[..self.depth], f)?;
        write!(f, "{}", self.own)
    }
}
