//! A network as a layer of another one.

use core::fmt;

use crate::catalogue::{Args, Entry, family};
use crate::error::Error;
use crate::graph::{Convention, Counts, Graph};
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
///
/// The nodes of a graph do not hold the network, only [which](Subnetwork::place) of the
/// graph's networks it is and what it costs: [`Graph::inner`] gives it.
#[derive(Clone, Copy, Debug)]
pub struct Subnetwork {
    /// The network, as long as it is not among the nodes of a graph.
    graph: Option<&'static Graph>,
    place: usize,
    results: usize,
    counts: Counts,
    exact: bool,
}

impl PartialEq for Subnetwork {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl Subnetwork {
    /// A network that is not known.
    pub const EMPTY: Self = Self {
        graph: None,
        place: 0,
        results: 0,
        counts: Counts::ZERO,
        exact: true,
    };

    /// The network of this graph, which is so many of the networks around it.
    pub(crate) const fn new(graph: &'static Graph, place: usize) -> Result<Self, Error> {
        match graph.counts_of(0, graph.nodes().len()) {
            Ok(counts) => Ok(Self {
                graph: Some(graph),
                place,
                results: graph.outputs().len(),
                counts,
                exact: graph.exact(),
            }),
            Err(error) => Err(error),
        }
    }

    /// The layer as a node of a graph has it.
    pub(crate) const fn placed(self) -> Self {
        Self {
            graph: None,
            ..self
        }
    }

    /// Which of the networks of its graph it is.
    #[must_use]
    pub const fn place(&self) -> usize {
        self.place
    }

    /// What the network costs.
    pub(crate) const fn counts(&self) -> Counts {
        self.counts
    }

    /// Whether all of its costs are known.
    pub(crate) const fn is_exact(&self) -> bool {
        self.exact
    }

    pub(super) const fn build(_kind: Kind, _args: &Args, _inputs: &[Shape]) -> Result<Self, Error> {
        Ok(Self::EMPTY)
    }

    pub(super) const fn results(&self) -> usize {
        self.results
    }

    pub(super) const fn output(&self, inputs: &[Shape], result: usize) -> Result<Shape, Error> {
        let graph = match self.graph {
            Some(graph) => graph,
            None => &Graph::EMPTY,
        };
        if inputs.len() != graph.inputs().len() {
            return Err(Error::NetworkInputs {
                network: graph.name(),
                takes: graph.inputs().len(),
            });
        }
        let mut i = 0;
        while i < inputs.len() {
            let takes = graph.input(i);
            if !takes.equals(&inputs[i]) {
                return Err(Error::NetworkInput {
                    network: graph.name(),
                    takes,
                    input: inputs[i],
                });
            }
            i += 1;
        }
        if result >= graph.outputs().len() {
            return Err(Error::NetworkOutputs {
                network: graph.name(),
                gives: graph.outputs().len(),
            });
        }
        Ok(graph.output(result))
    }

    #[expect(clippy::unused_self, reason = "every family answers")]
    pub(super) const fn tensor(&self, _index: usize) -> Option<Tensor> {
        // The tensors are those of the network's layers: `Graph::walk`.
        None
    }

    #[expect(clippy::unnecessary_wraps, reason = "every family answers")]
    pub(super) const fn macs(&self, _inputs: &[Shape]) -> Result<u64, Error> {
        Ok(self.counts.macs)
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
