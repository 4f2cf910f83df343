//! The static graph of a network: what engines, reports and analyses read.

use core::fmt;
use core::ops::Deref;

use crate::error::Error;
use crate::layer::{Layer, Tensor, TensorName};

use crate::shape::Shape;

mod arguments;
pub mod code;
mod convention;
#[cfg(feature = "std")]
mod draft;
mod dtype;
pub(crate) mod inside;
mod make;
mod path;
mod stage;
mod trace;
mod tracer;
mod walk;

pub use crate::layer::{Convention, Counts, MAX_INPUTS};
pub use arguments::{Arguments, ArgumentsIter};
#[cfg(feature = "std")]
pub use draft::Draft;
pub use dtype::DType;
pub use path::{FullPath, LeafName};
pub use stage::Stage;
pub use trace::{Ready, Step, Trace, trace, trace_with};
pub use tracer::Tracer;
pub use walk::{Leaf, Walk};

use inside::Opened;

/// A network as data: every layer with its hyperparameters, in the order of the
/// source, which is topological.
///
/// Values are numbered: the network's inputs first, then the results of each
/// node in turn. Shapes are those of one sample, without the batch.
///
/// A graph is made of a [`Trace`], which only the layers' rules make, so that it does
/// not contradict itself: what goes into a layer was made before it, and every shape
/// is the one that follows.
#[derive(Clone, Copy, Debug)]
pub struct Graph {
    name: &'static str,
    dtype: DType,
    inputs: &'static [&'static str],
    values: &'static [Shape],
    nodes: &'static [Node],
    outputs: &'static [(&'static str, usize)],
    statements: &'static [Statement],
    networks: &'static [&'static Self],
    /// What all its networks hold.
    opened: Opened,
}

/// A layer in its place: what was written, by way of its [`Step`], and what its
/// rules found.
///
/// It dereferences to the step, whose fields (`entry`, `arguments`, `inputs`,
/// `path`, ...) can be read as its own.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// What the macro wrote down. The step itself: incremental compilation goes
    /// through all that a reference into a table refers to, for each reference.
    pub step: Step,
    /// The layer with all its hyperparameters.
    pub layer: Layer,
    /// The first of its results; the others follow.
    pub output: usize,
    /// What it costs. Weights that are another layer's are counted there.
    pub counts: Counts,
    /// What the networks before it hold.
    before: Opened,
}

impl Deref for Node {
    type Target = Step;

    fn deref(&self) -> &Step {
        &self.step
    }
}

/// The name of a tensor within the whole network.
#[derive(Clone, Copy, Debug)]
pub struct FullName {
    path: &'static str,
    name: TensorName,
    renamed: &'static [(&'static str, &'static str)],
}

impl fmt::Display for FullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path)?;
        // What stands in the network itself has no path before its name.
        let point = if self.path.is_empty() { "" } else { "." };
        if let Some((_, name)) = self.renamed.iter().find(|(name, _)| self.name.is(name)) {
            return write!(f, "{point}{name}");
        }
        if self.name.is_bare() {
            return Ok(());
        }
        write!(f, "{point}{}", self.name)
    }
}

/// A statement of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The path of its label: `features.conv1`; empty without one.
    pub label: &'static str,
    /// Its units as they were written: `conv(96, 11x11, stride = 4), relu`.
    pub text: &'static str,
    /// What it consists of.
    pub form: Form,
    /// How many statements it is inside of.
    pub depth: usize,
    /// How many times the statement is repeated; what follows is of all copies.
    pub copies: usize,
    /// Its first node, and the one after its last.
    pub nodes: (usize, usize),
    /// The value that enters.
    pub input: usize,
    /// The value that leaves.
    pub output: usize,
}

/// What a statement consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Statements, which stand after it: `{ ... }`.
    Group,
    /// What has bodies of its own: a residual, branches, a repeat, a condition.
    Structure,
    /// So many layers, blocks and networks, one after the other.
    Units(usize),
}

impl Form {
    /// The number that it is in a program.
    #[must_use]
    pub const fn number(self) -> usize {
        match self {
            Self::Group => 0,
            Self::Structure => 1,
            Self::Units(units) => units.saturating_add(2),
        }
    }

    /// The form of this number.
    #[must_use]
    pub const fn numbered(number: usize) -> Self {
        match number {
            0 => Self::Group,
            1 => Self::Structure,
            units => Self::Units(units - 2),
        }
    }
}

impl Statement {
    /// What an array of statements holds before its places are filled.
    pub(crate) const EMPTY: Self = Self {
        label: "",
        text: "",
        form: Form::Group,
        depth: 0,
        copies: 0,
        nodes: (0, 0),
        input: 0,
        output: 0,
    };
}

impl Graph {
    /// What the nodes from `first` up to `end` cost together.
    ///
    /// # Errors
    ///
    /// [`Error::Overflow`] when a sum does not fit 64 bits.
    pub const fn counts_of(&self, first: usize, end: usize) -> Result<Counts, Error> {
        let mut counts = Counts::ZERO;
        let mut i = first;
        while i < end {
            counts = match counts.plus(&self.nodes[i].counts) {
                Ok(counts) => counts,
                Err(error) => return Err(error),
            };
            i += 1;
        }
        Ok(counts)
    }

    /// What the whole network costs.
    ///
    /// # Panics
    ///
    /// When a sum does not fit 64 bits; the macro reports that as an error, so
    /// that no network made by it panics here.
    #[must_use]
    pub const fn counts(&self) -> Counts {
        match self.counts_of(0, self.nodes.len()) {
            Ok(counts) => counts,
            Err(error) => error.panic(self.name),
        }
    }

    /// The parameters that one position uses: those of experts that it is not given are left out.
    ///
    /// # Panics
    ///
    /// As [`Graph::counts`].
    #[must_use]
    pub const fn active_params(&self) -> u64 {
        let inactive = self.inactive_params();
        self.counts().params().saturating_sub(inactive)
    }

    const fn inactive_params(&self) -> u64 {
        let mut inactive: u64 = 0;
        let mut i = 0;
        while i < self.nodes.len() {
            let node = &self.nodes[i];
            // What is shared is counted where it is owned.
            if node.step.shared.is_none() {
                let more = match self.inner(node) {
                    Some(inner) => inner.inactive_params(),
                    None => node.layer.inactive_params(),
                };
                inactive = inactive.saturating_add(more);
            }
            i += 1;
        }
        inactive
    }

    /// Bytes of the parameters in the network's type.
    ///
    /// # Panics
    ///
    /// As [`Graph::counts`].
    #[must_use]
    pub const fn param_bytes(&self) -> u64 {
        match self.counts().params().checked_mul(self.dtype.bytes()) {
            Some(bytes) => bytes,
            None => panic!("the bytes of the parameters do not fit 64 bits"),
        }
    }

    /// Elements of all activations: the sum of the nodes' results, those inside of
    /// a network that is a layer instead of that layer's own.
    ///
    /// # Panics
    ///
    /// As [`Graph::counts`].
    #[must_use]
    pub const fn activations(&self) -> u64 {
        match self.activations_of(0, self.nodes.len()) {
            Some(sum) => sum,
            None => panic!("the number of activations overflows"),
        }
    }

    /// [`Graph::activations`] of the nodes from `first` up to `end`; `None` when
    /// the sum does not fit 64 bits.
    pub(crate) const fn activations_of(&self, first: usize, end: usize) -> Option<u64> {
        let mut sum: u64 = 0;
        let mut i = first;
        while i < end {
            let node = &self.nodes[i];
            let more = match self.inner(node) {
                Some(inner) => inner.activations_of(0, inner.nodes.len()),
                None => self.elements_of(node.output, node.output + node.step.results),
            };
            let Some(more) = more else {
                return None;
            };
            sum = match sum.checked_add(more) {
                Some(sum) => sum,
                None => return None,
            };
            i += 1;
        }
        Some(sum)
    }

    /// The elements of the values from `first` up to `end`.
    const fn elements_of(&self, first: usize, end: usize) -> Option<u64> {
        let mut sum: u64 = 0;
        let mut value = first;
        while value < end {
            let Some(elements) = self.values[value].checked_elements() else {
                return None;
            };
            sum = match sum.checked_add(elements) {
                Some(sum) => sum,
                None => return None,
            };
            value += 1;
        }
        Some(sum)
    }

    /// Whether all costs are known: a custom layer may leave some out, and counts
    /// are lower bounds then.
    #[must_use]
    pub const fn exact(&self) -> bool {
        let mut i = 0;
        while i < self.nodes.len() {
            if !self.nodes[i].exact() {
                return false;
            }
            i += 1;
        }
        true
    }

    /// The layer at `path`.
    #[must_use]
    pub const fn layer(&self, path: &str) -> Option<&'static Node> {
        let mut i = 0;
        while i < self.nodes.len() {
            if crate::text::same(self.nodes[i].step.path, path) {
                return Some(&self.nodes[i]);
            }
            i += 1;
        }
        None
    }

    /// The labelled statement at `path`.
    #[must_use]
    pub(crate) const fn statement(&self, path: &str) -> Option<&'static Statement> {
        let mut i = 0;
        while i < self.statements.len() {
            let statement = &self.statements[i];
            if !path.is_empty() && crate::text::same(statement.label, path) {
                return Some(statement);
            }
            i += 1;
        }
        None
    }

    /// The shape of the `index`th input.
    ///
    /// # Panics
    ///
    /// When there is no such input.
    #[must_use]
    pub const fn input(&self, index: usize) -> Shape {
        assert!(index < self.inputs.len(), "the network has no such input");
        self.values[index]
    }

    /// The shape of the `index`th output.
    ///
    /// # Panics
    ///
    /// When there is no such output.
    #[must_use]
    pub const fn output(&self, index: usize) -> Shape {
        self.values[self.outputs[index].1]
    }
}

impl Node {
    /// Whether all of its costs are known.
    #[must_use]
    pub const fn exact(&self) -> bool {
        match &self.layer {
            Layer::Subnetwork(network) => network.is_exact(),
            Layer::CustomLayer(layer) => layer.custom().is_exact(),
            _ => true,
        }
    }

    /// The full name of one of the layer's tensors: `layer1.0.conv1.weight`. A
    /// tensor without a name of its own (a class token) has the layer's.
    ///
    /// ```
    /// # use shapewise_core::{Extents, Shape, Value, graph::{Step, Trace, trace}, layers};
    /// const TRACE: Trace<1, 2> = trace(
    ///     &[Shape::new(&[128])],
    ///     &[&Step::new(layers::linear, &[("features", Value::Int(10))], &[0], 1, "head.fc")],
    /// );
    /// let node = &TRACE.nodes()[0];
    /// let names: Vec<String> =
    ///     node.tensors().map(|tensor| node.tensor_name(&tensor).to_string()).collect();
    /// assert_eq!(names, ["head.fc.weight", "head.fc.bias"]);
    /// ```
    #[must_use]
    pub const fn tensor_name(&self, tensor: &Tensor) -> FullName {
        FullName {
            path: self.step.path,
            name: tensor.name,
            renamed: self.step.renamed,
        }
    }

    /// Every tensor of the layer, parameters and buffers.
    pub fn tensors(&self) -> impl Iterator<Item = Tensor> + '_ {
        (0..).map_while(|index| self.layer.tensor(index))
    }
}
