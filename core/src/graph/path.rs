//! Where a layer stands among networks that are layers of each other.

use core::fmt;

use super::walk::results_before;
use crate::graph::{FullName, Graph, Node};

/// How deep networks can be layers of each other; what is deeper is passed over.
const MAX_DEPTH: usize = 16;

/// The networks around a layer, from the outermost on: each with its node in
/// which the next one stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    frames: [Option<(&'static Graph, usize)>; MAX_DEPTH],
    depth: usize,
}

/// A path made of the paths of the networks that contain a layer, and its own.
///
/// It is compared with text as its `Display` writes it.
#[derive(Clone, Copy, Debug)]
pub struct FullPath {
    around: Around,
    own: &'static str,
}

/// The name of a tensor behind the paths of the networks that contain its layer.
#[derive(Clone, Copy, Debug)]
pub struct LeafName {
    around: Around,
    own: FullName,
}

impl Around {
    pub(super) const NOTHING: Self = Self {
        frames: [None; MAX_DEPTH],
        depth: 0,
    };

    /// Goes into the network that is a node; whether it is not too deep.
    pub(super) const fn push(&mut self, graph: &'static Graph, node: usize) -> bool {
        if self.depth == MAX_DEPTH {
            return false;
        }
        self.frames[self.depth] = Some((graph, node));
        self.depth += 1;
        true
    }

    pub(super) const fn pop(&mut self) -> Option<(&'static Graph, usize)> {
        let Some(depth) = self.depth.checked_sub(1) else {
            return None;
        };
        self.depth = depth;
        self.frames[depth]
    }

    pub(super) const fn outermost(&self) -> Option<&'static Graph> {
        match self.frames[0] {
            Some((graph, _)) if self.depth > 0 => Some(graph),
            _ => None,
        }
    }

    /// How many results there are before the innermost of the networks.
    pub(super) const fn results_before(&self) -> usize {
        let mut results = 0;
        let mut i = 0;
        while i < self.depth {
            if let Some((graph, node)) = self.frames[i] {
                results += results_before(graph, node);
            }
            i += 1;
        }
        results
    }

    /// Their nodes, the outermost first.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &'static Node> + Clone {
        let frames = self.frames.into_iter().take(self.depth).flatten();
        frames.map(|(graph, node)| &graph.nodes[node])
    }

    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.nodes()
            .try_for_each(|node| write!(f, "{}.", node.path))
    }
}

impl FullPath {
    pub(super) const fn within(around: Around, own: &'static str) -> Self {
        Self { around, own }
    }

    /// A path in the outermost network.
    pub(crate) const fn new(own: &'static str) -> Self {
        Self::within(Around::NOTHING, own)
    }

    /// The path without what `parent` and a point make of its beginning, unless
    /// nothing remains.
    pub(crate) fn below(self, parent: &str) -> Self {
        let rest = self.own.strip_prefix(parent);
        match rest.and_then(|rest| rest.strip_prefix('.')) {
            Some(own) if self.around.depth == 0 && !own.is_empty() => Self { own, ..self },
            _ => self,
        }
    }

    fn bytes(&self) -> impl Iterator<Item = u8> {
        let around = self.around.nodes();
        let around = around.flat_map(|node| node.step.path.bytes().chain(*b"."));
        around.chain(self.own.bytes())
    }
}

impl LeafName {
    pub(super) const fn within(around: Around, own: FullName) -> Self {
        Self { around, own }
    }
}

impl PartialEq for FullPath {
    fn eq(&self, other: &Self) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl Eq for FullPath {}

impl PartialEq<str> for FullPath {
    fn eq(&self, other: &str) -> bool {
        self.bytes().eq(other.bytes())
    }
}

impl PartialEq<&str> for FullPath {
    fn eq(&self, other: &&str) -> bool {
        *self == **other
    }
}

impl fmt::Display for FullPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.around.write(f)?;
        f.write_str(self.own)
    }
}

impl fmt::Display for LeafName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.around.write(f)?;
        write!(f, "{}", self.own)
    }
}
