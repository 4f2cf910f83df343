//! A network traced layer by layer, so that rustc can show each error at the
//! tokens of the layer that has it.

use crate::error::Error;
use crate::graph::code::Source;
use crate::graph::inside::Opened;
use crate::graph::{Counts, Graph, MAX_INPUTS, Node, Ready, Step, Trace};
use crate::layer::Layer;
use crate::layer::custom::CustomLayer;
use crate::shape::Shape;
use crate::text::Text;

/// A trace that is being made: inputs first, then layers in their order.
///
/// The macro writes a network whose numbers only rustc knows as calls of these
/// functions, each with the span of the user's own words; what does not fit is
/// then a compile error there.
///
/// ```
/// use shapewise_core::graph::{Step, Tracer};
/// use shapewise_core::{Shape, Value, layers};
///
/// const TRACE: shapewise_core::graph::Trace<1, 2> = {
///     let mut tracer = Tracer::new();
///     tracer.input(Shape::new(&[128]));
///     tracer.layer(
///         &Step::new(layers::linear, &[("features", Value::Int(10))], &[0], 1, "fc"),
///         "`fc`",
///     );
///     tracer.finish()
/// };
/// assert_eq!(TRACE.values()[1], Shape::new(&[10]));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Tracer<const NODES: usize, const VALUES: usize> {
    pub(super) trace: Trace<NODES, VALUES>,
    networks: &'static [&'static Graph],
    /// The code that layers are read from.
    pub(super) source: Source,
    nodes: usize,
    values: usize,
}

impl<const NODES: usize, const VALUES: usize> Tracer<NODES, VALUES> {
    /// Nothing traced yet.
    #[must_use]
    #[expect(
        clippy::new_without_default,
        reason = "a trace is made in const evaluation"
    )]
    pub const fn new() -> Self {
        Self {
            trace: Trace {
                nodes: [EMPTY; NODES],
                values: [Shape::new(&[1]); VALUES],
                inputs: 0,
                opened: Opened::NOTHING,
            },
            networks: &[],
            source: Source::EMPTY,
            nodes: 0,
            values: 0,
        }
    }

    /// The trace in which layers can be these networks.
    #[must_use]
    pub const fn with_networks(mut self, networks: &'static [&'static Graph]) -> Self {
        self.networks = networks;
        self
    }

    /// The shape of a value that is there already.
    ///
    /// # Panics
    ///
    /// When there is no such value yet.
    #[must_use]
    pub const fn value(&self, value: usize) -> Shape {
        assert!(value < self.values, "a value is made before it is read");
        self.trace.values[value]
    }

    /// Adds an input of the network.
    ///
    /// # Panics
    ///
    /// When there are layers already.
    pub const fn input(&mut self, shape: Shape) {
        assert!(self.nodes == 0, "inputs come before layers");
        self.push_value(shape);
        self.trace.inputs = self.values;
    }

    /// Adds a layer, `called` so in messages.
    ///
    /// # Panics
    ///
    /// When it does not fit its inputs.
    #[track_caller]
    pub const fn layer(&mut self, step: &Step, called: &str) {
        // Most layers have one input or two; room for many takes const evaluation long.
        match *step.inputs {
            [one] => self.layer_on(step, called, &[self.value(one)]),
            [one, two] => self.layer_on(step, called, &[self.value(one), self.value(two)]),
            _ => {
                let gathered = self.gather(step.inputs);
                self.layer_on(step, called, gathered.split_at(step.inputs.len()).0);
            }
        }
    }

    #[track_caller]
    const fn layer_on(&mut self, step: &Step, called: &str, inputs: &[Shape]) {
        let (layer, mut counts) = match checked(self.networks, step, inputs) {
            Ok(checked) => checked,
            Err(error) => error.panic_on(called, inputs),
        };
        if let Some(owner) = step.shared {
            counts = match counts.sharing(&layer, &self.trace.nodes[owner].layer) {
                Some(counts) => counts,
                None => {
                    let (called, within) = Text::apart(called);
                    let mut text = Text::new();
                    text.str(called)
                        .str(" cannot share the weight of `")
                        .str(self.trace.nodes[owner].step.path)
                        .str("`: their shapes differ")
                        .str(within);
                    panic!("{}", text.as_str())
                }
            };
        }
        self.push_node(step, layer, counts);
        let mut result = 0;
        while result < step.results {
            match layer.output(inputs, result) {
                Ok(shape) => self.push_value(shape),
                Err(error) => error.panic_on(called, inputs),
            }
            result += 1;
        }
    }

    /// Checks that the last layer's windows tile its inputs: that its stride leaves no
    /// elements unseen.
    ///
    /// # Panics
    ///
    /// When they do not.
    #[track_caller]
    pub const fn exact(&self, called: &str) {
        let Node { step, layer, .. } = &self.trace.nodes[self.nodes - 1];
        let gathered = self.gather(step.inputs);
        let inputs = gathered.split_at(step.inputs.len()).0;
        if let Some(error) = layer.inexact_stride(inputs) {
            error.panic_on(called, inputs)
        }
    }

    /// Compares a value with the shape that the author expects there.
    ///
    /// # Panics
    ///
    /// When it has another one.
    #[track_caller]
    pub const fn expect(&self, value: usize, expected: Shape, what: &str) {
        let found = self.value(value);
        if !found.equals(&expected) {
            let (what, within) = Text::apart(what);
            let mut text = Text::new();
            text.str(what).str(" gives ").shape(&found);
            text.str(", not ").shape(&expected).str(within);
            panic!("{}", text.as_str())
        }
    }

    /// The whole trace.
    ///
    /// # Panics
    ///
    /// When a layer or a value is missing.
    #[must_use]
    pub const fn finish(self) -> Trace<NODES, VALUES> {
        assert!(self.nodes == NODES, "every layer is traced");
        assert!(
            self.values == VALUES,
            "every result that is used has its place"
        );
        self.trace
    }

    const fn gather(&self, values: &[usize]) -> [Shape; MAX_INPUTS] {
        let mut gathered = [Shape::new(&[1]); MAX_INPUTS];
        let mut i = 0;
        while i < values.len() {
            gathered[i] = self.value(values[i]);
            i += 1;
        }
        gathered
    }

    const fn push_value(&mut self, shape: Shape) {
        self.trace.values[self.values] = shape;
        self.values += 1;
    }

    const fn push_node(&mut self, step: &Step, layer: Layer, counts: Counts) {
        self.trace.nodes[self.nodes] = Node {
            step: *step,
            layer,
            output: self.values,
            counts,
            before: self.trace.opened,
        };
        self.nodes += 1;
        if let Layer::Subnetwork(network) = &layer {
            let inner = self.networks[network.place()];
            self.trace.opened = self.trace.opened.and(inner, step.results);
            self.trace.nodes[self.nodes - 1].layer = Layer::Subnetwork(network.placed());
        }
    }

    /// A layer that is like an earlier one, on inputs of the same shapes.
    ///
    /// Its rules need not run again: most layers of a deep network are like others.
    pub(super) const fn again(&mut self, step: &Step, earlier: usize) {
        let output = self.trace.nodes[earlier].output;
        self.trace.nodes[self.nodes] = Node {
            step: *step,
            output: self.values,
            before: self.trace.opened,
            ..self.trace.nodes[earlier]
        };
        self.nodes += 1;
        let mut result = 0;
        while result < step.results {
            self.push_value(self.trace.values[output + result]);
            result += 1;
        }
    }
}

/// The layer that a step is, among whose layers these networks can be, and what it
/// costs on these inputs.
pub(super) const fn checked(
    networks: &[&'static Graph],
    step: &Step,
    inputs: &[Shape],
) -> Result<(Layer, Counts), Error> {
    let built = match step.ready {
        Some(Ready::Network(place)) => networks[place].as_layer(place),
        Some(Ready::Custom(custom)) => Ok(Layer::CustomLayer(CustomLayer::new(custom))),
        None => step.arguments.build(step.entry(), inputs),
    };
    let layer = match built {
        Ok(layer) => layer,
        Err(error) => return Err(error),
    };
    match Counts::of(&layer, inputs) {
        Ok(counts) => Ok((layer, counts)),
        Err(error) => Err(error),
    }
}

/// What the array of nodes holds before its places are filled.
const EMPTY: Node = Node {
    step: Step::EMPTY,
    layer: Layer::Activation(crate::layer::activation::Activation::Relu),
    output: 0,
    counts: Counts::ZERO,
    before: Opened::NOTHING,
};
