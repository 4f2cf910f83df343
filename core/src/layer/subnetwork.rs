//! A network as a layer of another one.

use core::fmt;

use crate::entry::{Entry, family};
use crate::error::Error;
use crate::layer::explain::Lines;
use crate::layer::kept::{Backward, Kept};
use crate::layer::{Convention, Counts};
use crate::layer::{Memory, Receptive, Tensor};
use crate::shape::Shape;

family! {
    const fn build(args, inputs) -> Subnetwork;

    /// A network as a layer.
    network: |entry| entry.weighted(), Subnetwork::EMPTY;
}

/// What the node of a network is called. The network itself is called by its path:
/// the catalogue does not list it.
pub const ENTRY: &Entry = names::network;

/// A network as a layer.
///
/// The nodes of a graph do not hold the network, only [which](Subnetwork::place) of the
/// graph's networks it is and what it costs: [`Graph::inner`](crate::Graph::inner) gives it.
#[derive(Clone, Copy, Debug)]
pub struct Subnetwork {
    /// What goes in and comes out, as long as it is not among the nodes of a graph.
    ports: Option<Ports>,
    place: usize,
    results: usize,
    counts: Counts,
    exact: bool,
}

/// What goes into a network and comes out of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ports {
    /// What the network is called.
    pub(crate) name: &'static str,
    /// The shapes of all its values, the inputs first.
    pub(crate) values: &'static [Shape],
    /// How many of them are inputs.
    pub(crate) inputs: usize,
    /// The names of the outputs, and which value each one is.
    pub(crate) outputs: &'static [(&'static str, usize)],
}

impl PartialEq for Subnetwork {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl Subnetwork {
    /// A network that is not known.
    pub const EMPTY: Self = Self {
        ports: None,
        place: 0,
        results: 0,
        counts: Counts::ZERO,
        exact: true,
    };

    /// The network with these ports and costs, which is so many of the networks around it.
    pub(crate) const fn new(ports: Ports, place: usize, counts: Counts, exact: bool) -> Self {
        Self {
            ports: Some(ports),
            place,
            results: ports.outputs.len(),
            counts,
            exact,
        }
    }

    /// The layer as a node of a graph has it.
    pub(crate) const fn placed(self) -> Self {
        Self {
            ports: None,
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

    pub(super) const fn results(&self) -> usize {
        self.results
    }

    pub(super) const fn output(&self, inputs: &[Shape], result: usize) -> Result<Shape, Error> {
        let Some(ports) = &self.ports else {
            return Err(Error::NetworkOutputs {
                network: "",
                gives: 0,
            });
        };
        if inputs.len() != ports.inputs {
            return Err(Error::NetworkInputs {
                network: ports.name,
                takes: ports.inputs,
                given: inputs.len(),
            });
        }
        let mut i = 0;
        while i < inputs.len() {
            let takes = ports.values[i];
            if !takes.equals(&inputs[i]) {
                return Err(Error::NetworkInput {
                    network: ports.name,
                    takes,
                    input: inputs[i],
                });
            }
            i += 1;
        }
        if result >= ports.outputs.len() {
            return Err(Error::NetworkOutputs {
                network: ports.name,
                gives: ports.outputs.len(),
            });
        }
        Ok(ports.values[ports.outputs[result].1])
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

    /// Nothing of its own: what its layers keep is asked of them.
    #[expect(clippy::unused_self, reason = "every family answers")]
    pub(super) const fn keeps(&self, _inputs: &[Shape], _pass: &Backward) -> Kept {
        Kept::NOTHING
    }

    #[expect(clippy::unused_self, reason = "every family answers")]
    pub(super) const fn receptive(&self, _inputs: &[Shape], _place: usize) -> Receptive {
        // The analyses look inside; for all else it may see everything.
        Receptive::Whole
    }

    #[expect(clippy::unused_self, reason = "every family answers")]
    pub(super) fn explain(&self, _inputs: &[Shape], _lines: &mut Lines<'_>) -> fmt::Result {
        Ok(())
    }
}
