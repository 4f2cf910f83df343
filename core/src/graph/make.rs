//! How a graph comes about, and what it has.

use super::{DType, Graph, Node, Statement, Trace};
use crate::graph::inside::Opened;
use crate::shape::Shape;

impl Graph {
    /// A network without anything in it.
    pub const EMPTY: Self = Self {
        name: "",
        dtype: DType::F32,
        inputs: &[],
        values: &[],
        nodes: &[],
        outputs: &[],
        statements: &[],
        networks: &[],
        opened: Opened::NOTHING,
    };

    /// A network of these layers: what it is called, the type of its parameters and
    /// activations, the names of its inputs, the trace of its layers, and its outputs:
    /// their names, and which value each one is.
    ///
    /// ```
    /// # use shapewise_core::graph::{DType, Graph, Step, Trace, trace};
    /// # use shapewise_core::{Shape, Value, layers};
    /// static TRACE: Trace<1, 2> = trace(
    ///     &[Shape::new(&[784])],
    ///     &[&Step::new(layers::linear, &[("features", Value::Int(10))], &[0], 1, "fc")],
    /// );
    /// static GRAPH: Graph = Graph::new("Mlp", DType::F32, &["image"], &TRACE, &[("digits", 1)]);
    /// assert_eq!(GRAPH.counts().params(), 7_850);
    /// ```
    ///
    /// # Panics
    ///
    /// When there are not as many names as inputs, or an output is no value, or a layer
    /// is a network: [`Graph::containing`] is for these.
    #[must_use]
    pub const fn new<const NODES: usize, const VALUES: usize>(
        name: &'static str,
        dtype: DType,
        inputs: &'static [&'static str],
        trace: &'static Trace<NODES, VALUES>,
        outputs: &'static [(&'static str, usize)],
    ) -> Self {
        Self::containing(&[], name, dtype, inputs, trace, outputs)
    }

    /// [`Graph::new`] of a trace in which layers are these networks.
    ///
    /// The trace itself does not hold them: rustc goes through all that a constant
    /// refers to, as often as it is referred to, so that networks in networks would take
    /// several times as long with each level.
    ///
    /// # Panics
    ///
    /// As [`Graph::new`], and when the trace was made with other networks.
    #[must_use]
    pub const fn containing<const NODES: usize, const VALUES: usize>(
        networks: &'static [&'static Self],
        name: &'static str,
        dtype: DType,
        inputs: &'static [&'static str],
        trace: &'static Trace<NODES, VALUES>,
        outputs: &'static [(&'static str, usize)],
    ) -> Self {
        assert!(
            inputs.len() == trace.inputs,
            "a name for each input of the trace"
        );
        let mut i = 0;
        while i < outputs.len() {
            assert!(outputs[i].1 < VALUES, "each output is a value of the trace");
            i += 1;
        }
        let graph = Self::traced(networks, name, dtype, inputs, trace, outputs);
        assert!(
            graph.networks_fit(),
            "the networks are those that the trace was made with"
        );
        graph
    }

    /// [`Graph::containing`] of what is known to fit.
    pub(super) const fn traced<const NODES: usize, const VALUES: usize>(
        networks: &'static [&'static Self],
        name: &'static str,
        dtype: DType,
        inputs: &'static [&'static str],
        trace: &'static Trace<NODES, VALUES>,
        outputs: &'static [(&'static str, usize)],
    ) -> Self {
        Self {
            name,
            dtype,
            inputs,
            values: &trace.values,
            nodes: &trace.nodes,
            outputs,
            statements: &[],
            networks,
            opened: trace.opened,
        }
    }

    /// The network with these statements: a row of the table each, with the statements
    /// inside a group directly after it.
    ///
    /// # Panics
    ///
    /// When one is of layers or values that there are not, or begins before the one that
    /// stands before it.
    #[must_use]
    pub const fn with_statements(mut self, statements: &'static [Statement]) -> Self {
        let mut i = 0;
        while i < statements.len() {
            let Statement {
                nodes: (first, end),
                input,
                output,
                ..
            } = statements[i];
            assert!(
                first <= end && end <= self.nodes.len(),
                "a statement has layers of the network"
            );
            assert!(
                i == 0 || statements[i - 1].nodes.0 <= first,
                "statements stand in the order of their layers"
            );
            assert!(
                input < self.values.len() && output < self.values.len(),
                "what enters and leaves a statement are values of the network"
            );
            i += 1;
        }
        self.statements = statements;
        self
    }

    /// The network under another name.
    #[must_use]
    pub const fn with_name(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }

    /// What the network is called.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The type of its parameters and activations.
    #[must_use]
    pub const fn dtype(&self) -> DType {
        self.dtype
    }

    /// The names of its inputs; they are the first values.
    #[must_use]
    pub const fn inputs(&self) -> &'static [&'static str] {
        self.inputs
    }

    /// The shape of every value.
    #[must_use]
    pub const fn values(&self) -> &'static [Shape] {
        self.values
    }

    /// Its layers.
    #[must_use]
    pub const fn nodes(&self) -> &'static [Node] {
        self.nodes
    }

    /// Its outputs: their names, and which value each one is.
    #[must_use]
    pub const fn outputs(&self) -> &'static [(&'static str, usize)] {
        self.outputs
    }

    /// Its statements: a row of the table each, with the statements inside a group
    /// directly after it.
    #[must_use]
    pub const fn statements(&self) -> &'static [Statement] {
        self.statements
    }

    /// The networks among its layers, each once; [`Graph::inner`] has that of a layer.
    #[must_use]
    pub const fn networks(&self) -> &'static [&'static Self] {
        self.networks
    }
}
