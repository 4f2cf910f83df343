//! What an editor finds behind the words of a network; rustc never reads it. Every word is
//! a constant: its value is a line for the reader, its documentation says the rest.
#![allow(missing_docs, non_upper_case_globals, non_camel_case_types, dead_code)]

use crate::Stage;

// Every layer with its arguments, and the other words: those of `shapewise::catalogue`. The
// rules of a layer stand in the file of its family, `core/src/layer`.
shapewise_macros::catalogue! { words_of_the_language }

/// What stands for the figures of a label, which its documentation has: an editor cannot
/// calculate it, and shows the text.
pub const fn stage(_shapes: &str) -> Stage {
    let _ = ::core::mem::offset_of!(Stage, params);
    Stage::new(
        "",
        0,
        crate::Shape::new(&[1]),
        crate::Shape::new(&[1]),
        crate::Counts::ZERO,
    )
}

/// A layer: how it is called; in its place in a network, its shapes.
pub type Layer = &'static str;
/// An argument of a layer, with its default.
pub type Argument = &'static str;
/// A word that an argument takes.
pub type Keyword = &'static str;
/// A word of the language.
pub type Word = &'static str;
/// A function of numbers.
pub type Function = &'static str;
/// An axis of a value.
pub type Axis = &'static str;
/// What `assert` compares.
pub type Metric = &'static str;
/// A value that flows, with its shape: a label, an input.
pub type Shape = &'static str;
/// A block, with its parameters.
pub type Block = &'static str;
/// A network, with its inputs.
pub type Network = &'static str;
/// A block's parameter, with its default.
pub type Parameter = &'static str;
/// A `let`, with its value.
pub type Let = &'static str;
/// The number of a copy, with its range.
pub type Index = &'static str;
