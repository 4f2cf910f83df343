//! A network that is put together while a program runs.

use std::boxed::Box;
use std::string::String;
use std::vec::Vec;

use super::tracer::checked;
use super::{DType, Graph, MAX_INPUTS, Node, Statement, Step};
use crate::error::Error;
use crate::graph::inside::Opened;
use crate::layer::Layer;
use crate::shape::Shape;

/// A graph layer by layer, of what a program reads or finds as it runs: tools that work
/// on source files have no constants.
///
/// A [`Graph`] lives as long as the program, whoever makes it; so does what a draft
/// becomes. Only the layers' rules fill it, as they fill a [`Trace`](super::Trace).
///
/// ```
/// use shapewise_core::graph::{DType, Draft, Step};
/// use shapewise_core::{Shape, Value, layers};
///
/// let mut draft = Draft::new("Mlp", DType::F32);
/// let image = draft.input("image", Shape::new(&[784]));
/// let arguments = vec![("features", Value::Int(10))].leak();
/// let inputs = vec![image].leak();
/// let digits = draft.layer(Step::new(layers::linear, arguments, inputs, 1, "fc"))?;
/// draft.output("digits", digits);
/// let graph = draft.leak();
/// assert_eq!(graph.counts().params(), 7_850);
/// # Ok::<(), shapewise_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Draft {
    name: String,
    dtype: DType,
    inputs: Vec<&'static str>,
    values: Vec<Shape>,
    nodes: Vec<Node>,
    outputs: Vec<(&'static str, usize)>,
    statements: Vec<Statement>,
    networks: Vec<&'static Graph>,
    opened: Opened,
}

impl Draft {
    /// A network without anything in it.
    #[must_use]
    pub fn new(name: &str, dtype: DType) -> Self {
        Self {
            name: name.into(),
            dtype,
            inputs: Vec::new(),
            values: Vec::new(),
            nodes: Vec::new(),
            outputs: Vec::new(),
            statements: Vec::new(),
            networks: Vec::new(),
            opened: Opened::NOTHING,
        }
    }

    /// Adds an input, of one sample's shape, and gives its value.
    ///
    /// # Panics
    ///
    /// When there are layers already.
    pub fn input(&mut self, name: &str, shape: Shape) -> usize {
        assert!(self.nodes.is_empty(), "inputs come before layers");
        self.inputs.push(String::from(name).leak());
        self.values.push(shape);
        self.values.len() - 1
    }

    /// The place of a network among those that layers can be: what
    /// [`Step::network`] takes.
    pub fn network(&mut self, graph: &'static Graph) -> usize {
        let known = self.networks.iter();
        let place = known.clone().position(|other| core::ptr::eq(*other, graph));
        place.unwrap_or_else(|| {
            self.networks.push(graph);
            self.networks.len() - 1
        })
    }

    /// Adds a layer, and gives the first of its values.
    ///
    /// # Errors
    ///
    /// What the layer's rules say where it does not fit its inputs.
    ///
    /// # Panics
    ///
    /// When it reads a value, shares a weight or is a network that is not there, or the
    /// weight that it shares has another shape.
    pub fn layer(&mut self, step: Step) -> Result<usize, Error> {
        let mut inputs = [Shape::new(&[1]); MAX_INPUTS];
        for (place, value) in inputs.iter_mut().zip(step.inputs) {
            *place = self.values[*value];
        }
        let inputs = inputs.get(..step.inputs.len()).unwrap_or(&inputs);
        let (mut layer, mut counts) = checked(&self.networks, &step, inputs)?;
        if let Some(owner) = step.shared {
            let owner = &self.nodes[owner].layer;
            let shared = counts.sharing(&layer, owner);
            counts = shared.expect("a weight is shared by layers whose weights have one shape");
        }
        let before = self.opened;
        if let Layer::Subnetwork(network) = layer {
            self.opened = self
                .opened
                .and(self.networks[network.place()], step.results);
            layer = Layer::Subnetwork(network.placed());
        }
        let output = self.values.len();
        for result in 0..step.results {
            self.values.push(layer.output(inputs, result)?);
        }
        self.nodes.push(Node {
            step,
            layer,
            output,
            counts,
            before,
        });
        Ok(output)
    }

    /// The shape of a value that is there already, if it is.
    #[must_use]
    pub fn value(&self, value: usize) -> Option<Shape> {
        self.values.get(value).copied()
    }

    /// Adds a row of the table, as [`Graph::with_statements`] has them.
    pub fn statement(&mut self, statement: Statement) {
        self.statements.push(statement);
    }

    /// Adds an output.
    ///
    /// # Panics
    ///
    /// When there is no such value.
    pub fn output(&mut self, name: &str, value: usize) {
        assert!(
            value < self.values.len(),
            "each output is a value of the network"
        );
        self.outputs.push((String::from(name).leak(), value));
    }

    /// The graph, which stays until the program ends.
    ///
    /// # Panics
    ///
    /// As [`Graph::with_statements`].
    #[must_use]
    pub fn leak(self) -> &'static Graph {
        let graph = Graph {
            name: self.name.leak(),
            dtype: self.dtype,
            inputs: self.inputs.leak(),
            values: self.values.leak(),
            nodes: self.nodes.leak(),
            outputs: self.outputs.leak(),
            statements: &[],
            networks: self.networks.leak(),
            opened: self.opened,
        };
        Box::leak(Box::new(graph.with_statements(self.statements.leak())))
    }
}
