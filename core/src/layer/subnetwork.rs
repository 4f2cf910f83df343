//! A network as a layer of another one.

use core::fmt;

use crate::catalogue::{Args, Entry, family};
use crate::error::Error;
use crate::graph::{Convention, Counts, DType, Graph};
use crate::layer::{self, Memory, Receptive, Tensor};
use crate::shape::Shape;

/// The kinds of these layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A network.
    Subnetwork,
}

family! {
    /// A network as a layer.
    network: layer::Kind::Subnetwork(Kind::Subnetwork), |entry| entry.weighted();
}

/// What the node of a network is called. The network itself is called by its path:
/// the catalogue does not list it.
pub const ENTRY: &Entry = names::network;

/// A network as a layer.
#[derive(Clone, Copy, Debug)]
pub struct Subnetwork {
    graph: &'static Graph,
}

impl PartialEq for Subnetwork {
    fn eq(&self, other: &Self) -> bool {
        core::ptr::eq(self.graph, other.graph)
    }
}

impl Subnetwork {
    /// A network without anything in it, where the graph is not known.
    pub const EMPTY: Self = Self::new(&Graph {
        name: "",
        dtype: DType::F32,
        inputs: &[],
        values: &[],
        nodes: &[],
        outputs: &[],
        statements: &[],
    });

    /// The network of this graph.
    #[must_use]
    pub const fn new(graph: &'static Graph) -> Self {
        Self { graph }
    }

    /// The network's own graph.
    #[must_use]
    pub const fn graph(&self) -> &'static Graph {
        self.graph
    }

    /// What the network costs.
    pub(crate) const fn counts(&self) -> Result<Counts, Error> {
        self.graph.counts_of(0, self.graph.nodes.len())
    }

    pub(super) const fn build(_kind: Kind, _args: &Args, _inputs: &[Shape]) -> Result<Self, Error> {
        Ok(Self::EMPTY)
    }

    pub(super) const fn results(&self) -> usize {
        self.graph.outputs.len()
    }

    pub(super) const fn output(&self, inputs: &[Shape], result: usize) -> Result<Shape, Error> {
        if inputs.len() != self.graph.inputs.len() {
            return Err(Error::NetworkInputs {
                network: self.graph.name,
                takes: self.graph.inputs.len(),
            });
        }
        let mut i = 0;
        while i < inputs.len() {
            let takes = self.graph.input(i);
            if !takes.equals(&inputs[i]) {
                return Err(Error::NetworkInput {
                    network: self.graph.name,
                    takes,
                    input: inputs[i],
                });
            }
            i += 1;
        }
        if result >= self.graph.outputs.len() {
            return Err(Error::NetworkOutputs {
                network: self.graph.name,
                gives: self.graph.outputs.len(),
            });
        }
        Ok(self.graph.output(result))
    }

    #[expect(clippy::unused_self, reason = "every family answers")]
    pub(super) const fn tensor(&self, _index: usize) -> Option<Tensor> {
        // The tensors are those of the network's layers: `Graph::walk`.
        None
    }

    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        match self.counts() {
            Ok(counts) => Ok(counts.macs),
            Err(error) => Err(error),
        }
    }

    pub(super) const fn macs_by(
        &self,
        _convention: Convention,
        inputs: &[Shape],
    ) -> Result<u64, Error> {
        self.macs(inputs)
    }

    #[expect(clippy::unused_self, reason = "every family answers")]
    pub(super) const fn memory(&self) -> Memory {
        Memory::Fresh
    }

    #[expect(clippy::unused_self, reason = "every family answers")]
    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        // The analyses look inside; for all else it may see everything.
        Receptive::Whole
    }

    #[expect(clippy::unused_self, reason = "every family answers")]
    pub(super) fn explain(&self, _inputs: &[Shape], _f: &mut dyn fmt::Write) -> fmt::Result {
        Ok(())
    }
}
