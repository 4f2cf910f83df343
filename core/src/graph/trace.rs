//! Running the layers' rules over a whole network, in const evaluation.

use crate::entry::{Entry, Kind};
use crate::graph::inside::Opened;
use crate::graph::tracer::Tracer;
use crate::graph::{Arguments, Graph, Node};
use crate::layer::custom::{self, Custom};
use crate::layer::subnetwork;
use crate::shape::Shape;
use crate::value::Value;

/// A layer as the macro writes it down: what it is and what goes in. Shapes and
/// counts are found by [`trace`].
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What it is. A kind and no reference to the entry: const evaluation and
    /// incremental compilation go through all that a value refers to.
    pub kind: Kind,
    /// The arguments that were written.
    pub arguments: Arguments<'static>,
    /// Which values go in.
    pub inputs: &'static [usize],
    /// How many of its results the network uses.
    pub results: usize,
    /// Its path.
    pub path: &'static str,
    /// The layer whose weight it uses, by its place among the steps.
    pub shared: Option<usize>,
    /// What some of its tensors are called instead of their own names.
    pub renamed: &'static [(&'static str, &'static str)],
    /// What the layer is, where it is not built from its arguments.
    pub ready: Option<Ready>,
}

/// A layer that is there already.
#[derive(Clone, Copy, Debug)]
pub enum Ready {
    /// A network: which of those that the trace is [given](Tracer::with_networks).
    Network(usize),
    /// A layer of the user's own.
    Custom(&'static Custom),
}

impl Step {
    /// What an array of steps holds before its places are filled.
    pub(crate) const EMPTY: Self = Self::new(crate::layers::relu, &[], &[], 0, "");

    /// A step of these parts.
    #[must_use]
    pub const fn new(
        entry: &Entry,
        arguments: &'static [(&'static str, Value)],
        inputs: &'static [usize],
        results: usize,
        path: &'static str,
    ) -> Self {
        Self {
            kind: entry.kind,
            arguments: Arguments::list(arguments),
            inputs,
            results,
            path,
            shared: None,
            renamed: &[],
            ready: None,
        }
    }

    /// A network as a layer: which of those that the trace is
    /// [given](Tracer::with_networks).
    #[must_use]
    pub const fn network(
        place: usize,
        inputs: &'static [usize],
        results: usize,
        path: &'static str,
    ) -> Self {
        let mut step = Self::new(subnetwork::ENTRY, &[], inputs, results, path);
        step.ready = Some(Ready::Network(place));
        step
    }

    /// The step with so many results instead of one.
    #[must_use]
    pub const fn giving(mut self, results: usize) -> Self {
        self.results = results;
        self
    }

    /// A layer of the user's own.
    #[must_use]
    pub const fn custom(
        custom: &'static Custom,
        inputs: &'static [usize],
        path: &'static str,
    ) -> Self {
        let mut step = Self::new(custom::ENTRY, &[], inputs, 1, path);
        step.ready = Some(Ready::Custom(custom));
        step
    }

    /// What it is called and takes.
    #[must_use]
    pub const fn entry(&self) -> &'static Entry {
        self.kind.entry()
    }

    /// The step with the weight of an earlier one.
    #[must_use]
    pub const fn sharing(mut self, owner: usize) -> Self {
        self.shared = Some(owner);
        self
    }

    /// The step with other names for some of its tensors.
    #[must_use]
    pub const fn renaming(mut self, renamed: &'static [(&'static str, &'static str)]) -> Self {
        self.renamed = renamed;
        self
    }
}

/// The nodes and the shapes of all values of a network: what the rules of its layers
/// found, of which a [`Graph`] is made.
#[derive(Clone, Copy, Debug)]
pub struct Trace<const NODES: usize, const VALUES: usize> {
    pub(super) nodes: [Node; NODES],
    pub(super) values: [Shape; VALUES],
    /// How many of the values are inputs.
    pub(super) inputs: usize,
    /// What the networks among the nodes hold.
    pub(super) opened: Opened,
}

impl<const NODES: usize, const VALUES: usize> Trace<NODES, VALUES> {
    /// The layers.
    #[must_use]
    pub const fn nodes(&self) -> &[Node; NODES] {
        &self.nodes
    }

    /// The shapes of all values, the inputs first.
    #[must_use]
    pub const fn values(&self) -> &[Shape; VALUES] {
        &self.values
    }
}

/// Runs the rules of every step over the shapes of the inputs.
///
/// # Panics
///
/// When a layer does not fit: in const evaluation that is a compile error with
/// the layer's message. The macro has checked all that it knows before. When a step
/// reads what no step before it makes, too.
#[must_use]
#[track_caller]
pub const fn trace<const NODES: usize, const VALUES: usize>(
    inputs: &[Shape],
    steps: &[&'static Step; NODES],
) -> Trace<NODES, VALUES> {
    trace_with(&[], inputs, steps)
}

/// [`trace`] of steps of which some are these networks.
///
/// # Panics
///
/// As [`trace`], and when a step is a network that is not there.
#[must_use]
#[track_caller]
pub const fn trace_with<const NODES: usize, const VALUES: usize>(
    networks: &'static [&'static Graph],
    inputs: &[Shape],
    steps: &[&'static Step; NODES],
) -> Trace<NODES, VALUES> {
    let mut tracer = Tracer::new().with_networks(networks);
    let mut i = 0;
    while i < inputs.len() {
        tracer.input(inputs[i]);
        i += 1;
    }
    let mut i = 0;
    while i < NODES {
        tracer.layer(steps[i], steps[i].path);
        i += 1;
    }
    tracer.finish()
}
