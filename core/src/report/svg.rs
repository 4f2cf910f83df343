//! The report as a drawing: the architecture from top to bottom, and how much
//! memory is alive over the layers.
//!
//! What is drawn is a [`View`]: a [`Graph`], or what the macro knows of a
//! network before there is one. Everything is written through [`core::fmt`].

use core::fmt;

use crate::catalogue::Entry;
use crate::error::Error;
use crate::extents::Extents;
use crate::graph::{Arguments, Counts, DType, Form, Graph};
use crate::report::Summary;
use crate::shape::Shape;
use crate::value::Value;

mod architecture;
mod card;
mod inside;
mod pen;
mod stack;
mod structure;
mod style;
mod timeline;

pub use stack::{Plan, Stack};

/// A network as the drawings see it.
///
/// Values are numbered as in a [`Graph`]: the inputs first, then the results of
/// each layer in turn; every layer stands after those that it reads.
pub trait View {
    /// What the network is called.
    fn name(&self) -> &str;
    /// The type of its numbers.
    fn dtype(&self) -> DType;
    /// How many inputs it has: its first values.
    fn inputs(&self) -> usize;
    /// The name of an input.
    fn input(&self, index: usize) -> &str;
    /// How many outputs it has.
    fn outputs(&self) -> usize;
    /// The name of an output, and which value it is.
    fn output(&self, index: usize) -> (&str, usize);
    /// The shape of a value.
    fn shape(&self, value: usize) -> Shape;
    /// Writes the shape of a value as it is shown.
    ///
    /// # Errors
    ///
    /// That of the writer.
    fn write_shape(&self, value: usize, out: &mut dyn fmt::Write) -> fmt::Result {
        write!(out, "{}", self.shape(value))
    }
    /// Whether a figure of layers, the first and the one after the last, is a number
    /// that is known.
    fn is_known(&self, layers: (usize, usize), cost: Cost) -> bool {
        let _ = (layers, cost);
        true
    }
    /// Writes a figure of layers that is no number: an expression, or nothing where there
    /// is no short one.
    ///
    /// # Errors
    ///
    /// That of the writer.
    fn write_cost(
        &self,
        layers: (usize, usize),
        cost: Cost,
        out: &mut dyn fmt::Write,
    ) -> fmt::Result {
        let _ = (layers, cost, out);
        Ok(())
    }
    /// Writes what was given for an argument of a layer.
    ///
    /// # Errors
    ///
    /// That of the writer.
    fn write_argument(
        &self,
        layer: usize,
        argument: &str,
        value: Value,
        out: &mut dyn fmt::Write,
    ) -> fmt::Result {
        let _ = (layer, argument);
        write!(out, "{value}")
    }
    /// How many layers it has.
    fn layers(&self) -> usize;
    /// The layer at `index`.
    fn layer(&self, index: usize) -> Item<'_>;
    /// How many statements it has, with those inside of others.
    fn statements(&self) -> usize;
    /// The statement at `index`.
    fn statement(&self, index: usize) -> Card<'_>;
    /// How much of the first input a value sees, per axis.
    fn sees(&self, value: usize) -> Extents;
    /// Calls `each` with the elements that are alive while each layer runs, and with
    /// the layer: of a network several times, once for each layer inside of it.
    ///
    /// # Errors
    ///
    /// An [`Error`] when that cannot be found out.
    fn alive(&self, each: &mut dyn FnMut(usize, u64)) -> Result<(), Error>;
}

/// What a card has figures of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// Trainable parameters.
    Params,
    /// Multiply-accumulates.
    Macs,
    /// Elements of the layers' results.
    Values,
}

impl Cost {
    /// All of them, as they stand side by side.
    const ALL: [Self; 3] = [Self::Params, Self::Macs, Self::Values];

    /// What one of it is called.
    const fn name(self) -> &'static str {
        match self {
            Self::Params => "param",
            Self::Macs => "MAC",
            Self::Values => "value",
        }
    }
}

/// A layer in a [`View`].
#[derive(Clone, Copy, Debug)]
pub struct Item<'v> {
    /// What it is.
    pub entry: &'static Entry,
    /// The arguments that were written.
    pub arguments: Arguments<'v>,
    /// Which values go in.
    pub inputs: &'v [usize],
    /// The first of its results.
    pub output: usize,
    /// How many results it has.
    pub results: usize,
    /// What it costs.
    pub counts: Counts,
    /// Its path.
    pub path: &'v str,
}

/// A statement in a [`View`].
#[derive(Clone, Copy, Debug)]
pub struct Card<'v> {
    /// The path of its label, empty without one.
    pub label: &'v str,
    /// Its units as they were written.
    pub text: &'v str,
    /// The constant to which its card links.
    pub link: Option<&'v str>,
    /// What it consists of.
    pub form: Form,
    /// How many statements it is inside of.
    pub depth: usize,
    /// How many copies it stands for.
    pub copies: usize,
    /// Its first layer and the one after its last.
    pub layers: (usize, usize),
    /// The value that enters.
    pub input: usize,
    /// The value that leaves.
    pub output: usize,
}

/// The shape of a value as it is shown.
fn shape(view: &dyn View, value: usize) -> impl fmt::Display + '_ {
    fmt::from_fn(move |f| view.write_shape(value, f))
}

/// The architecture as an SVG: a card per statement with its layers, the shapes
/// between them, and the shares of parameters, MACs and activations.
#[derive(Clone, Copy)]
pub struct Architecture<'v>(pub &'v dyn View);

/// How much memory is alive while each layer runs, as a small SVG.
#[derive(Clone, Copy)]
pub struct Timeline<'v> {
    /// The network.
    pub view: &'v dyn View,
    /// Whether the drawing brings its style along; not needed on a page where an
    /// [`Architecture`] stands, too.
    pub styled: bool,
}

impl fmt::Debug for Architecture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Architecture").field(&self.0.name()).finish()
    }
}

impl fmt::Debug for Timeline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Timeline").field(&self.view.name()).finish()
    }
}

/// The architecture as a drawing of its own. Made by [`Summary::svg`].
///
/// It is as wide as a phone, grows with what it is put in up to a limit, and
/// follows the colours of the page, or what the reader's system prefers.
#[derive(Clone, Copy, Debug)]
pub struct Svg(pub(super) Summary);

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Architecture(self.0.graph).fmt(f)
    }
}

/// The memory over the layers as a drawing of its own. Made by
/// [`Summary::memory_svg`].
#[derive(Clone, Copy, Debug)]
pub struct MemorySvg(pub(super) Summary);

impl fmt::Display for MemorySvg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let timeline = Timeline {
            view: self.0.graph,
            styled: true,
        };
        timeline.fmt(f)
    }
}

impl View for Graph {
    fn name(&self) -> &str {
        self.name()
    }

    fn dtype(&self) -> DType {
        self.dtype()
    }

    fn inputs(&self) -> usize {
        self.inputs().len()
    }

    fn input(&self, index: usize) -> &str {
        self.inputs()[index]
    }

    fn outputs(&self) -> usize {
        self.outputs().len()
    }

    fn output(&self, index: usize) -> (&str, usize) {
        self.outputs()[index]
    }

    fn shape(&self, value: usize) -> Shape {
        self.values()[value]
    }

    fn layers(&self) -> usize {
        self.nodes().len()
    }

    fn layer(&self, index: usize) -> Item<'_> {
        let node = &self.nodes()[index];
        Item {
            entry: node.entry(),
            arguments: node.arguments,
            inputs: node.inputs,
            output: node.output,
            results: node.results,
            counts: node.counts,
            path: node.path,
        }
    }

    fn statements(&self) -> usize {
        self.statements().len()
    }

    fn statement(&self, index: usize) -> Card<'_> {
        let statement = &self.statements()[index];
        Card {
            label: statement.label,
            text: statement.text,
            link: None,
            form: statement.form,
            depth: statement.depth,
            copies: statement.copies,
            layers: statement.nodes,
            input: statement.input,
            output: statement.output,
        }
    }

    fn sees(&self, value: usize) -> Extents {
        if self.inputs().is_empty() {
            return Extents::new(&[]);
        }
        // Without it the drawing says nothing of what is seen.
        self.field(value, 0)
            .map_or(Extents::EMPTY, |field| field.size())
    }

    fn alive(&self, each: &mut dyn FnMut(usize, u64)) -> Result<(), Error> {
        let mut layer = 0;
        self.each_alive(&mut |elements| {
            each(self.around(layer), elements);
            layer += 1;
        })
    }
}
