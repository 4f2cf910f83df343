//! Running the layers' rules over a whole network, in const evaluation.

use crate::catalogue::Entry;
use crate::graph::tracer::Tracer;
use crate::graph::{Arguments, Graph, Network, Node, Stage};
use crate::layer::custom::{self, Custom, CustomLayer};
use crate::layer::subnetwork::{self, Subnetwork};
use crate::layer::{Kind, Layer};
use crate::report::Summary;
use crate::shape::Shape;
use crate::value::Value;

/// The most inputs that one layer can have.
pub const MAX_INPUTS: usize = 64;

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
    /// An earlier step that is the same layer on inputs of the same shapes: its
    /// rules need not run again. Most layers of a deep network are like others.
    pub like: Option<usize>,
    /// What the layer is, where it is not built from its arguments.
    pub ready: Option<Ready>,
}

/// A layer that is there already.
#[derive(Clone, Copy, Debug)]
pub enum Ready {
    /// A network.
    Network(&'static Graph),
    /// A layer of the user's own.
    Custom(&'static Custom),
}

impl Ready {
    pub(super) const fn layer(self) -> Layer {
        match self {
            Self::Network(graph) => Layer::Subnetwork(Subnetwork::new(graph)),
            Self::Custom(custom) => Layer::CustomLayer(CustomLayer::new(custom)),
        }
    }
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
            like: None,
            ready: None,
        }
    }

    /// A network as a layer.
    #[must_use]
    pub const fn network(
        graph: &'static Graph,
        inputs: &'static [usize],
        results: usize,
        path: &'static str,
    ) -> Self {
        let mut step = Self::new(subnetwork::ENTRY, &[], inputs, results, path);
        step.ready = Some(Ready::Network(graph));
        step
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

    /// The step as one that is the same layer, on inputs of the same shapes, as
    /// an earlier one with weights of its own.
    #[must_use]
    pub const fn like(mut self, earlier: usize) -> Self {
        self.like = Some(earlier);
        self
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

/// The nodes and the shapes of all values of a network.
#[derive(Clone, Copy, Debug)]
pub struct Trace<const NODES: usize, const VALUES: usize> {
    /// The layers.
    pub nodes: [Node; NODES],
    /// The shapes of all values, the inputs first.
    pub values: [Shape; VALUES],
}

/// The graph of a network.
#[must_use]
pub const fn graph_of<N: Network>() -> &'static Graph {
    N::GRAPH
}

/// The figures of a labelled part of a network, by the path of its label.
#[must_use]
pub const fn stage_of<N: Network>(path: &str) -> Option<Stage> {
    N::GRAPH.stage(path)
}

/// The table of a network.
#[must_use]
pub fn summary_of<N: Network>() -> Summary {
    Summary::new(N::GRAPH)
}

/// Runs the rules of every step over the shapes of the inputs.
///
/// # Panics
///
/// When a layer does not fit: in const evaluation that is a compile error with
/// the layer's message. The macro has checked all that it knows before.
#[must_use]
#[track_caller]
pub const fn trace<const NODES: usize, const VALUES: usize>(
    inputs: &[Shape],
    steps: &[&'static Step; NODES],
) -> Trace<NODES, VALUES> {
    let mut tracer = Tracer::new();
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
