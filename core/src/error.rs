//! What can be wrong with a layer on its input.

use core::fmt;

use crate::argument::Argument;
use crate::extents::{Extents, Sides};
use crate::shape::Shape;
use crate::value::Equation;

mod arguments;
mod equations;
mod fix;
mod inputs;
mod networks;
mod padding;
mod panic;
mod parts;
mod questions;
mod shapes;
mod windows;
mod words;

pub use fix::Fix;
pub(crate) use inputs::per_channel;
pub use parts::{Agreement, Counted, EquationFault, Needs};

/// Why a layer does not fit its input, with the numbers that show it.
///
/// [`Error::headline`] says what is wrong, [`Error::needs`] the arithmetic,
/// [`Error::argument`] at which argument, [`Error::fixes`] what to write
/// instead. All of them work in const evaluation, so that rustc can print the
/// same text as the macro.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// A kernel or pooling window is larger than the padded input.
    WindowTooLarge {
        /// The argument that gives the window.
        argument: &'static str,
        /// The spatial extents of the input.
        input: Extents,
        /// The window.
        window: Extents,
        /// The padding on both sides.
        padding: Sides,
        /// The dilation.
        dilation: Extents,
    },
    /// A stride that leaves elements at the end of the input unseen.
    InexactStride {
        /// The spatial extents of the input.
        input: Extents,
        /// The window.
        window: crate::window::Window,
        /// How many elements of each axis no window sees.
        unseen: Extents,
    },
    /// The padding of a pooling window is more than half of it, so that a
    /// window could see nothing but padding.
    PaddingOverHalf {
        /// The window.
        window: Extents,
        /// The padding on both sides.
        padding: Sides,
    },
    /// `padding = half` for an even window, which has no middle.
    EvenWindow {
        /// The window.
        window: Extents,
        /// The dilation.
        dilation: Extents,
    },
    /// A keyword that this input cannot have.
    KeywordNeeds {
        /// The argument.
        argument: &'static str,
        /// The keyword.
        keyword: &'static str,
        /// What it needs.
        needs: Needs,
        /// The input.
        input: Shape,
        /// A keyword that does on any input.
        instead: Option<&'static str>,
    },
    /// An extent list with another number of axes than the input.
    AxisCount {
        /// The argument.
        argument: &'static str,
        /// What was written.
        given: Extents,
        /// The input.
        input: Shape,
    },
    /// An argument that divides what it cannot divide.
    NotDivisible {
        /// The argument.
        argument: &'static str,
        /// Its value.
        divisor: usize,
        /// What it must divide: "the input channels".
        what: &'static str,
        /// How many there are.
        value: usize,
        /// What it must divide as well (the same value where there is nothing).
        also: usize,
    },
    /// The input's rank does not suit the layer.
    InputRank {
        /// What the layer takes.
        needs: Needs,
        /// The input.
        input: Shape,
    },
    /// A linear layer on something with two or more spatial axes.
    LinearOnImage {
        /// The input.
        input: Shape,
        /// The output features.
        features: usize,
    },
    /// The declared input channels or features are not those that come in.
    DeclaredInput {
        /// What was declared.
        declared: u64,
        /// The input.
        input: Shape,
    },
    /// A required argument is missing.
    Missing {
        /// The argument.
        argument: &'static str,
    },
    /// A value of a type that the argument does not take.
    WrongType {
        /// The argument.
        argument: &'static Argument,
    },
    /// A number below the least that the argument can be.
    TooSmall {
        /// The argument.
        argument: &'static str,
        /// The least value.
        least: u64,
    },
    /// A float outside the argument's range.
    OutOfRange {
        /// The argument.
        argument: &'static Argument,
    },
    /// A number that does not fit 64 bits.
    Overflow {
        /// What was being computed: "the number of weights".
        what: &'static str,
    },
    /// A network with more values than an analysis has places for on a thread's stack.
    TooManyValues {
        /// How many values it has.
        values: usize,
        /// How many there can be.
        most: usize,
    },
    // Several inputs, and arguments that depend on each other.
    /// Two inputs of a layer that should agree and do not.
    Operands {
        /// Which inputs of the layer they are, counted from 0: the flow is the
        /// first, the values given for arguments follow.
        places: [usize; 2],
        /// Their shapes.
        shapes: [Shape; 2],
        /// On what they should agree.
        agree: Agreement,
    },
    /// A value beside the input of another shape than the layer needs.
    ValueShape {
        /// The argument that it is given for.
        argument: &'static str,
        /// Its shape.
        given: Shape,
        /// The shape that it should have.
        wanted: Shape,
        /// Of what its channels are: "a factor for each tap of the kernel".
        because: &'static str,
    },
    /// Queries and keys whose heads have different numbers of features.
    HeadFeatures {
        /// The features of queries and keys.
        features: [usize; 2],
        /// The heads that they are split into.
        heads: [usize; 2],
    },
    /// A merge with too few or too many operands.
    OperandCount {
        /// How many there are.
        given: usize,
        /// The fewest that it takes.
        least: usize,
        /// The most that it takes.
        most: usize,
    },
    /// An equation over named axes that means nothing, or nothing for these operands.
    Equation {
        /// The equation.
        equation: Equation,
        /// What is wrong with it.
        fault: EquationFault,
    },
    /// A number above the most that the argument can be on this input.
    TooLarge {
        /// The argument.
        argument: &'static str,
        /// Its value.
        value: usize,
        /// The most that it can be.
        most: usize,
        /// Why: "the length of the input".
        what: &'static str,
    },
    /// An argument that means something only with another one.
    Requires {
        /// The argument.
        argument: &'static str,
        /// The one that is missing.
        other: &'static str,
    },
    /// An argument that cannot stand together with another one.
    Excludes {
        /// The argument.
        argument: &'static str,
        /// The one that it cannot stand with.
        other: &'static str,
    },
    // Networks as layers.
    /// A network on another input than its own.
    NetworkInput {
        /// The network.
        network: &'static str,
        /// The input that it has.
        takes: Shape,
        /// What comes in.
        input: Shape,
    },
    /// A network with another number of inputs than of values that come in.
    NetworkInputs {
        /// The network.
        network: &'static str,
        /// How many it has.
        takes: usize,
        /// How many come in.
        given: usize,
    },
    /// A network, or a layer of one's own, with fewer outputs than labels.
    NetworkOutputs {
        /// The network; nothing for a layer.
        network: &'static str,
        /// How many it has.
        gives: usize,
    },
    // Windows and their padding.
    /// A window that must fit the input without its padding.
    WindowOverInput {
        /// The window.
        window: Extents,
        /// The spatial extents of the input.
        input: Extents,
    },
    /// A padding that is made of the input's elements and needs more of them
    /// than there are.
    PaddingOverInput {
        /// The argument that says so: `mode`.
        argument: &'static str,
        /// What it is made of: `reflect`.
        mode: &'static str,
        /// The padding on both sides.
        padding: Sides,
        /// The spatial extents of the input.
        input: Extents,
        /// The most that it can be, less than the input by this.
        short: usize,
    },
    /// An output padding that is as large as the stride and the dilation.
    OutputPadding {
        /// The output padding.
        output_padding: Extents,
        /// The stride.
        stride: Extents,
        /// The dilation.
        dilation: Extents,
    },
    /// A padding that takes off the whole output.
    NothingLeft {
        /// What is taken off on both sides.
        padding: Sides,
        /// The spatial extents before it is.
        output: Extents,
    },

    // Changes of shape and what acts on one axis.
    /// A number that reaches beyond what the input has.
    OutOfBounds {
        /// The argument.
        argument: &'static str,
        /// How far it reaches.
        value: usize,
        /// How far it can reach.
        most: usize,
        /// What it counts: "channels".
        what: &'static str,
        /// The input.
        input: Shape,
    },
    /// Something in the input that is no multiple of what the layer needs.
    NotMultiple {
        /// What there is: "channels".
        what: &'static str,
        /// How many there are.
        value: usize,
        /// What the number must be a multiple of.
        of: usize,
        /// Where that comes from: "the square of `factor`".
        because: &'static str,
    },
    /// A list whose sum or product is not what there is.
    CountDiffers {
        /// The argument.
        argument: &'static str,
        /// What was written.
        given: Extents,
        /// How many it makes.
        count: u64,
        /// What it makes.
        what: Counted,
        /// How many there are.
        value: u64,
        /// The input.
        input: Shape,
    },
    /// A list that should name every axis once.
    NotPermutation {
        /// The argument.
        argument: &'static str,
        /// What was written.
        given: Extents,
        /// The input.
        input: Shape,
    },
    /// A layer that would leave nothing of an axis.
    EmptyAxis {
        /// The argument.
        argument: &'static str,
        /// The name of the axis.
        axis: &'static str,
        /// The extent of the axis.
        extent: usize,
        /// How much is taken away, where that can be said.
        taken: Option<usize>,
        /// The input.
        input: Shape,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.headline("the layer").as_str())?;
        let needs = self.needs();
        if !needs.is_empty() {
            write!(f, ": {needs}")?;
        }
        Ok(())
    }
}

impl core::error::Error for Error {}

/// Unwraps a result in a const function, where `?` is not available.
macro_rules! attempt {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return Err(error),
        }
    };
}
pub(crate) use attempt;
