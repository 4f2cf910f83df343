//! The graph of a network as the macro knows it.

use proc_macro2::{Ident, Span, TokenStream};
use shapewise_core::catalogue::Entry;
use shapewise_core::graph::DType;
use shapewise_core::{Counts, Layer, Shape, Value};

/// A network whose names are looked up and whose shapes are known.
#[derive(Debug)]
pub struct Resolved {
    /// Its name.
    pub name: String,
    /// The type of its numbers.
    pub dtype: DType,
    /// Whether a stride that drops elements is an error.
    pub deny_inexact_stride: bool,
    /// The names of its inputs, which are its first values.
    pub inputs: Vec<String>,
    /// Everything that flows.
    pub values: Vec<ValueInfo>,
    /// Its layers.
    pub nodes: Vec<Node>,
    /// Its outputs: their names and values.
    pub outputs: Vec<(String, usize)>,
    /// The rows of its table.
    pub statements: Vec<Statement>,
    /// What is legal and often not meant.
    pub warnings: Vec<Warning>,
    /// What the nodes so far cost: every sum that is later made fits 64 bits.
    sum: Counts,
    /// The elements of all activations so far.
    elements: u64,
}

/// A value that flows between layers.
#[derive(Debug)]
pub struct ValueInfo {
    /// Its shape.
    pub shape: Shape,
    /// Where it comes from, for messages: `` `pool4: max_pool(2x2)` ``.
    pub origin: String,
    /// The layer that made it, none for an input.
    pub node: Option<usize>,
    /// Where it is told of when nothing reads it; nothing where that is allowed.
    pub watch: Option<Watch>,
}

/// How a value is told of when nothing reads it.
#[derive(Clone, Debug)]
pub struct Watch {
    /// Where.
    pub span: Span,
    /// What it is called.
    pub name: String,
    /// The place in the source, so that copies of it are told of once.
    pub key: (usize, usize),
}

/// A layer in its place.
#[derive(Debug)]
pub struct Node {
    /// What it is.
    pub entry: &'static Entry,
    /// Its hyperparameters.
    pub layer: Layer,
    /// The arguments that were written.
    pub arguments: Vec<(&'static str, Value)>,
    /// The values that go in.
    pub inputs: Vec<usize>,
    /// The first value that comes out.
    pub output: usize,
    /// How many come out.
    pub results: usize,
    /// What it costs.
    pub counts: Counts,
    /// Its path.
    pub path: String,
    /// The user's word for it: where an editor shows its documentation.
    pub span: Span,
    /// The node whose weights it uses.
    pub shared: Option<usize>,
    /// What some of its tensors are called instead of their own names.
    pub renamed: Vec<(String, String)>,
}

/// A message that does not stop anything.
#[derive(Debug)]
pub struct Warning {
    /// Where.
    pub span: Span,
    /// What.
    pub message: String,
}

/// A statement of the source, a row of the table.
#[derive(Debug)]
pub struct Statement {
    /// The path of its label, empty without one.
    pub path: String,
    /// Its label.
    pub label: Option<Ident>,
    /// The name of its constant, where it has one.
    pub constant: Option<String>,
    /// Its units as text.
    pub text: String,
    /// How many statements it is inside of.
    pub depth: usize,
    /// How many copies it stands for.
    pub copies: usize,
    /// Its first node and the one after its last.
    pub nodes: (usize, usize),
    /// What enters.
    pub input: usize,
    /// What leaves.
    pub output: usize,
    /// The doc comments before it.
    pub docs: Vec<TokenStream>,
}

/// The names of network constants, which no label's constant can have.
pub const RESERVED: [&str; 18] = [
    "INPUT",
    "OUTPUT",
    "INPUTS",
    "OUTPUTS",
    "WEIGHTS",
    "BIASES",
    "PARAMS",
    "BUFFERS",
    "MACS",
    "FLOPS",
    "PARAM_BYTES",
    "ACTIVATIONS",
    "PEAK_ACTIVATIONS",
    "PEAK_ACTIVATION_BYTES",
    "DEPTH",
    "RECEPTIVE_FIELD",
    "EXACT",
    "GRAPH",
];

impl Resolved {
    /// A network without anything in it.
    pub fn new(name: String) -> Self {
        Self {
            name,
            dtype: DType::F32,
            deny_inexact_stride: false,
            inputs: Vec::new(),
            values: Vec::new(),
            nodes: Vec::new(),
            outputs: Vec::new(),
            statements: Vec::new(),
            warnings: Vec::new(),
            sum: Counts::ZERO,
            elements: 0,
        }
    }

    /// What the nodes of a range cost together. The sum saturates: whether it
    /// fits is checked as the nodes are added.
    pub fn counts(&self, nodes: (usize, usize)) -> Counts {
        let mut sum = Counts::ZERO;
        for node in self.nodes.get(nodes.0..nodes.1).unwrap_or_default() {
            sum = sum.plus(&node.counts).unwrap_or(sum);
        }
        sum
    }

    /// What the network costs.
    pub fn totals(&self) -> Counts {
        self.counts((0, self.nodes.len()))
    }

    /// The elements of all activations, `None` when they do not fit 64 bits.
    pub fn activations(&self) -> Option<u64> {
        self.values
            .iter()
            .skip(self.inputs.len())
            .try_fold(0_u64, |sum, value| {
                sum.checked_add(value.shape.checked_elements()?)
            })
    }

    /// Whether the totals still fit 64 bits with one layer more.
    pub fn totals_fit(&mut self, counts: &Counts, outputs: &[Shape]) -> bool {
        let Ok(sum) = self.sum.plus(counts) else {
            return false;
        };
        let activations = outputs.iter().try_fold(self.elements, |sum, shape| {
            sum.checked_add(shape.checked_elements()?)
        });
        // The most that memory can be asked for: all that there is, at once.
        let inputs = self.values.iter().take(self.inputs.len());
        let memory = inputs
            .map(|value| &value.shape)
            .chain(outputs)
            .try_fold(self.elements, |sum, shape| {
                sum.checked_add(shape.checked_elements()?)
            })
            .and_then(|elements| elements.checked_mul(8));
        let params = sum.weights.checked_add(sum.biases);
        let bytes = params.and_then(|params| params.checked_mul(8));
        match (activations, memory, bytes, sum.macs.checked_mul(2)) {
            (Some(elements), Some(_), Some(_), Some(_)) => {
                self.sum = sum;
                self.elements = elements;
                true
            }
            _ => false,
        }
    }

    /// The bytes of all parameters, `None` when they do not fit 64 bits.
    pub fn param_bytes(&self) -> Option<u64> {
        self.totals().params().checked_mul(self.dtype.bytes())
    }
}
