//! The arguments of a layer in a graph.

use core::fmt;

use crate::entry::Kind;
use crate::entry::{Entry, MAX_ARGUMENTS};
use crate::error::Error;
use crate::graph::code::Reader;
use crate::layer::Layer;
use crate::shape::Shape;
use crate::value::Value;

/// The arguments of a layer that were written, in their order.
///
/// ```
/// use shapewise_core::Value;
/// use shapewise_core::graph::Arguments;
///
/// let arguments = Arguments::list(&[("channels", Value::Int(96))]);
/// assert_eq!(arguments.get("channels"), Some(Value::Int(96)));
/// assert_eq!(arguments.get("stride"), None);
/// ```
#[derive(Clone, Copy)]
pub struct Arguments<'a>(Source<'a>);

#[derive(Clone, Copy)]
enum Source<'a> {
    List(&'a [(&'static str, Value)]),
    /// How many there are, and where they stand in the code of a network: they are
    /// read when somebody asks, so that a graph is small to evaluate.
    Code(Kind, usize, Reader),
}

impl<'a> Arguments<'a> {
    /// These names and values.
    #[must_use]
    pub const fn list(list: &'a [(&'static str, Value)]) -> Self {
        Self(Source::List(list))
    }

    /// So many arguments of a layer, which are read next.
    pub(super) const fn code(kind: Kind, count: usize, reader: Reader) -> Self {
        Self(Source::Code(kind, count, reader))
    }

    /// Whether they stand at the same place of a code, or are none: equal ones may stand
    /// elsewhere, too.
    pub(crate) const fn is_same(&self, other: &Self) -> bool {
        if let Source::Code(_, count, at) = &self.0
            && let Source::Code(_, also, here) = &other.0
        {
            return *count == *also && (*count == 0 || at.at == here.at);
        }
        matches!((&self.0, &other.0), (Source::List([]), Source::List([])))
    }

    /// Each name with its value.
    #[must_use]
    pub const fn iter(self) -> ArgumentsIter<'a> {
        ArgumentsIter(self)
    }

    /// The value written for an argument.
    #[must_use]
    pub fn get(self, name: &str) -> Option<Value> {
        self.iter()
            .find(|(other, _)| *other == name)
            .map(|(_, value)| value)
    }

    /// The layer that they describe on these inputs.
    pub(super) const fn build(self, entry: &Entry, inputs: &[Shape]) -> Result<Layer, Error> {
        let (count, mut reader) = match self.0 {
            Source::List(list) => return Layer::build(entry, list, inputs),
            Source::Code(_, count, reader) => (count, reader),
        };
        // Most layers have few; room for all of them takes const evaluation long.
        match count {
            0 => Layer::build_at(entry, &[], inputs),
            1 => Layer::build_at(entry, &[reader.argument(entry)], inputs),
            2 => {
                let both = [reader.argument(entry), reader.argument(entry)];
                Layer::build_at(entry, &both, inputs)
            }
            _ => {
                let mut list = [(0, Value::None); MAX_ARGUMENTS];
                let mut i = 0;
                while i < count {
                    list[i] = reader.argument(entry);
                    i += 1;
                }
                Layer::build_at(entry, list.split_at(count).0, inputs)
            }
        }
    }

    /// The first, and those after it.
    const fn split(self) -> Option<((&'static str, Value), Self)> {
        match self.0 {
            Source::List([first, rest @ ..]) => Some((*first, Self::list(rest))),
            Source::List([]) | Source::Code(_, 0, _) => None,
            Source::Code(kind, count, mut reader) => {
                let entry = kind.entry();
                let (place, value) = reader.argument(entry);
                let name = if place < entry.arguments.len() {
                    entry.arguments[place].name
                } else {
                    "in"
                };
                Some(((name, value), Self::code(kind, count - 1, reader)))
            }
        }
    }
}

impl<'a> IntoIterator for Arguments<'a> {
    type Item = (&'static str, Value);
    type IntoIter = ArgumentsIter<'a>;

    fn into_iter(self) -> ArgumentsIter<'a> {
        self.iter()
    }
}

impl PartialEq for Arguments<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Arguments<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// What [`Arguments::iter`] gives.
#[derive(Clone, Copy, Debug)]
pub struct ArgumentsIter<'a>(Arguments<'a>);

impl Iterator for ArgumentsIter<'_> {
    type Item = (&'static str, Value);

    fn next(&mut self) -> Option<Self::Item> {
        let (first, rest) = self.0.split()?;
        self.0 = rest;
        Some(first)
    }
}
