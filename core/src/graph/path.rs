//! Where a layer stands among networks that are layers of each other.

use core::fmt;

use super::inside::Spot;
use crate::graph::{FullName, Graph, Node};

/// The networks around a layer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Around {
    /// The outermost of them, and the innermost.
    ends: Option<(&'static Graph, Spot<'static>)>,
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
    const NOTHING: Self = Self { ends: None };

    pub(super) const fn of(outermost: &'static Graph, innermost: Spot<'static>) -> Self {
        Self {
            ends: Some((outermost, innermost)),
        }
    }

    /// Their nodes, the outermost first.
    pub(super) fn nodes(&self) -> impl Iterator<Item = &'static Node> + Clone {
        let ends = self.ends.into_iter();
        ends.flat_map(|(outermost, innermost)| innermost.way(outermost))
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
            Some(own) if self.around.nodes().next().is_none() && !own.is_empty() => {
                Self { own, ..self }
            }
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
