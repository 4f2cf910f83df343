//! Neural networks as a declarative layer list: every shape, parameter count
//! and budget is computed and checked while the program compiles.
//!
//! ```
//! use shapewise::network;
//!
//! network! {
//!     /// LeNet-5 on a 28x28 digit.
//!     pub struct LeNet5(digit: 28x28x1) -> (classes: 10) {
//!         conv1: conv(6, 5x5, padding = 2), relu => 28x28x6;
//!         pool1: avg_pool(2x2);
//!         conv2: conv(16, 5x5), relu             => 10x10x16;
//!         pool2: avg_pool(2x2);
//!         fc1:   flatten, linear(120), relu;
//!         fc2:   linear(84), relu;
//!         fc3:   linear(10);
//!
//!         assert params <= 62K;
//!     }
//! }
//!
//! // Everything is a constant.
//! const _: () = assert!(LeNet5::PARAMS == 61_706);
//! let scores = [0.0_f32; LeNet5::OUTPUT.elements()];
//! assert_eq!(scores.len(), 10);
//! let weights = [0_i8; shapewise::len(LeNet5::PARAMS)];
//! assert_eq!(weights.len(), 61_706);
//! assert_eq!(LeNet5::CONV2.output.to_string(), "10x10x16");
//!
//! // A table for the terminal, Markdown, CSV, JSON, LaTeX, Graphviz.
//! println!("{}", LeNet5::summary().for_terminal());
//! ```
//!
//! What does not fit is an error at the layer, with the shapes, the arithmetic
//! and a help. A convolution that lacks its padding:
//!
//! ```text
//! error: `conv2` gives 23x23x256, not 27x27x256
//!          input      27x27x96, from `pool1: max_pool(3x3, stride = 2)`
//!          computed   height, width: floor((27 - 5 + 2*0) / 1) + 1 = 23
//!        help: write `=> 23x23x256`, or `padding = half` in `conv(256, 5x5)` (=> 27x27x256)
//!  --> src/main.rs:8:47
//!   |
//! 8 |         conv2: conv(256, 5x5), relu        => 27x27x256;
//!   |                                               ^^^^^^^^^
//! ```
//!
//! - The [guide](mod@guide) begins with counting by hand and ends with budgets, embedded use and the
//!   names of PyTorch and Keras.
//! - [`network!`] is the macro; the [reference](mod@reference) describes its language, and
//!   [every layer](crate::reference::layers).
//! - [`Network`] is the trait of all networks, [`Graph`] a network as data, [`Stage`] the figures of
//!   a labelled part.
//! - [`report`] writes tables; [`formula`] has the rules as `const fn`s.
//!
//! The crate allocates nothing, and has no code that runs unless it is asked for a report. Without
//! its feature `std`, by which tables ask for the width and the colours of the terminal, it is
//! `no_std`.

#![no_std]
#![forbid(unsafe_code)]

#[cfg(rust_analyzer)]
#[doc(hidden)]
pub mod editor;
pub mod guide;
pub mod reference;

/// README's code is compiled with the other examples of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub use shapewise_core::{
    Axis, Counts, Custom, Equation, Error, Extents, Graph, Layer, MAX_RANK, Network, Shape, Sides,
    Stage, Text, Value, analysis, catalogue, error, formula, graph, layer, layers, plan, report,
};

#[doc(hidden)]
pub use shapewise_core::figure;
pub use shapewise_core::network::{compare, len};

/// Declares neural networks as layer lists, checked and counted at compile time.
///
/// A network is read from top to bottom: on each line a name, the layers, and,
/// where its author likes to say it, the shape that leaves.
///
/// ```
/// shapewise::network! {
///     /// Its documentation.
///     pub struct Classifier(image: 32x32x3) -> (logits: 10) {
///         conv1: conv(16, 3x3, padding = half), batch_norm, relu => 32x32x16;
///         Stage(32);
///         Stage(64);
///         head: global_avg_pool, linear(10);
///
///         assert params <= 100K;
///     }
///
///     block Stage(channels) {
///         residual {
///             conv(channels, 3x3, stride = 2, padding = half, bias = false), batch_norm;
///         } shortcut {
///             conv(channels, 1x1, stride = 2, bias = false), batch_norm;
///         }
///         relu;
///     }
/// }
///
/// assert_eq!(Classifier::HEAD.input.to_string(), "8x8x64");
/// ```
///
/// | Part | Written |
/// |:--|:--|
/// | network | `pub struct Name(input: 227x227x3) -> (output: 1000) { items }` |
/// | block | `block Name(parameter, parameter = default) { items }`, `pub block` for others |
/// | block of another module | `use path::Name;` |
/// | statement | `label: from value, unit, unit => shape;`, all but the units optional |
/// | layer | `conv(96, 11x11, stride = 4)`; without arguments `relu` |
/// | group | `label: { items }` |
/// | residual | `residual { items } shortcut { items }` |
/// | branches | `concat { branch { items } branch { items } }`, also `add`, `mul`, `stack` |
/// | repeat | `repeat 3 { items }`, `repeat i in 0..3 { items }` |
/// | condition | `if condition { items } else { items }` |
/// | number | `let name = value;` |
/// | budget | `assert params <= 61M;` |
/// | hole | `=> ?`: the error says the shape there |
///
/// The whole language stands in the [reference](crate::reference), with
/// [every layer](crate::reference::layers); what comes out in
/// [its last page](crate::reference::results).
#[macro_export]
macro_rules! network {
    ($($tokens:tt)*) => {
        $crate::__private::network! { ($crate) $($tokens)* }
    };
}

/// Checks networks with these numbers under `cargo check`: shapes and budgets.
///
/// A network whose numbers only rustc knows is checked where it is evaluated. `cargo check`
/// evaluates it with the defaults of its const generics, where all have one; this line has it
/// evaluated with others, beside the network or where it is used.
///
/// ```
/// shapewise::network! {
///     pub struct Classifier<const CLASSES: usize>(image: 32x32x3) -> [CLASSES] {
///         conv(16, 3x3, stride = 2), relu;
///         flatten, linear(CLASSES);
///
///         assert params <= 50K;
///     }
/// }
///
/// shapewise::check!(Classifier::<2>, Classifier::<10>);
/// ```
///
/// With 14 classes its parameters are beyond the budget, which is an error:
///
/// ```compile_fail
/// # shapewise::network! {
/// #     pub struct Classifier<const CLASSES: usize>(image: 32x32x3) -> [CLASSES] {
/// #         conv(16, 3x3, stride = 2), relu;
/// #         flatten, linear(CLASSES);
/// #         assert params <= 50K;
/// #     }
/// # }
/// shapewise::check!(Classifier::<14>);
/// ```
#[macro_export]
macro_rules! check {
    ($($network:ty),+ $(,)?) => {
        $(const _: () = { let _ = <$network as $crate::Network>::GRAPH; };)+
    };
}

/// What generated code speaks to; not for anybody else.
#[doc(hidden)]
pub mod __private {
    pub use shapewise_core::analysis::constant;
    pub use shapewise_core::figure::{Amount, Figure};
    pub use shapewise_core::graph::code::{
        LongProgram, Parts, Program, Read, extents, graph, long_graph, reads, shape, stage,
    };
    pub use shapewise_core::graph::{DType, Form, Statement, Step, Trace, Tracer};
    pub use shapewise_core::layer::Autograd;
    pub use shapewise_core::network::{graph_of, stage_of, summary_of};
    pub use shapewise_core::report::Summary;
    pub use shapewise_core::{
        Axis, Counts, Custom, Equation, Extents, Graph, Network, Shape, Sides, Stage, Value,
        arithmetic, layers, plan, symbolic,
    };
    #[cfg(not(rust_analyzer))]
    pub use shapewise_macros::network;
    pub use shapewise_macros::page;

    #[cfg(rust_analyzer)]
    pub use crate::editor;
    #[cfg(rust_analyzer)]
    pub use shapewise_macros::editor as network;
}
