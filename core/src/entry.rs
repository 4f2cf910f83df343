//! What a layer is called, what it takes, and what its arguments are.

use crate::argument::{Argument, key};
use crate::error::Error;
use crate::value::Value;

mod args;
mod check;
mod family;
mod index;
mod kind;

pub use args::Args;
pub(crate) use args::MAX_ARGUMENTS;
pub(crate) use family::family;
use index::Index;
pub use kind::{Kind, Rules};

/// A layer of the language.
#[derive(Debug)]
pub struct Entry {
    /// What it is called: `conv`.
    pub name: &'static str,
    /// Its documentation in Markdown; the first line is a summary.
    pub doc: &'static str,
    /// The rules that compute it.
    pub kind: Kind,
    /// Its arguments, the positional ones first and in their order.
    pub arguments: &'static [Argument],
    /// Where its inputs come from.
    pub inputs: Inputs,
    /// The names of its results, one for nearly every layer. Where a layer has
    /// as many results as an argument says, the list is empty.
    pub results: &'static [&'static str],
    /// Whether the kind can have parameters: in a labelled statement the label
    /// goes to the first such unit.
    pub weighted: bool,
    /// Whether its first input holds integers (indices) rather than numbers.
    pub takes_indices: bool,
    /// What other frameworks call it: `Conv2d`. Recognised in errors only.
    pub aliases: &'static [&'static str],
    /// Where each of the arguments stands.
    index: Index,
}

/// Where the inputs of a layer come from. Arguments that take a value of the
/// network add theirs after these, in catalogue order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inputs {
    /// The flow.
    Flow,
    /// The named values in its parentheses, or the results of its branches:
    /// two or more.
    Merge,
    /// Only the arguments that take a value.
    Arguments,
}

impl Entry {
    /// An entry with the fields that nearly every layer has: one flow in, one
    /// result, no parameters, no arguments.
    #[must_use]
    pub const fn new(name: &'static str, doc: &'static str, kind: Kind) -> Self {
        Self {
            name,
            doc,
            kind,
            arguments: &[],
            inputs: Inputs::Flow,
            results: &["output"],
            weighted: false,
            takes_indices: false,
            aliases: &[],
            index: Index::NONE,
        }
    }

    /// The entry with these arguments.
    #[must_use]
    pub const fn arguments(mut self, arguments: &'static [Argument]) -> Self {
        self.arguments = arguments;
        self.index = Index::new(arguments);
        self
    }

    /// The entry with inputs from elsewhere than the flow.
    #[must_use]
    pub const fn inputs(mut self, inputs: Inputs) -> Self {
        self.inputs = inputs;
        self
    }

    /// The entry with several results.
    #[must_use]
    pub const fn results(mut self, results: &'static [&'static str]) -> Self {
        self.results = results;
        self
    }

    /// The entry as a kind that can have parameters.
    #[must_use]
    pub const fn weighted(mut self) -> Self {
        self.weighted = true;
        self
    }

    /// The entry as a kind whose first input holds indices.
    #[must_use]
    pub const fn takes_indices(mut self) -> Self {
        self.takes_indices = true;
        self
    }

    /// The entry with the names that other frameworks have for it.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// The argument of that name.
    #[must_use]
    pub const fn argument(&self, name: &str) -> Option<&'static Argument> {
        match self.index.find(key(name)) {
            Some(place) if place < self.arguments.len() => Some(&self.arguments[place]),
            _ => None,
        }
    }

    /// Whether `value` may be written for the argument at `place`. What is
    /// declared to come in, one place beyond the last, is compared elsewhere.
    const fn check(&self, place: usize, value: &Value) -> Result<(), Error> {
        if place == self.index.arguments {
            return Ok(());
        }
        self.arguments[place].check(*value)
    }

    /// The first line of the documentation.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.doc.trim_start().lines().next().unwrap_or_default()
    }
}
