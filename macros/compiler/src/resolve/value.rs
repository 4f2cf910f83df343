//! The values of expressions.

use std::fmt;
use std::ops::Deref;

use proc_macro2::Ident;
use shapewise_core::catalogue::{Accepts, Argument};
use shapewise_core::{Equation, Extents, Sides, Value};

use super::scope::Flow;
use super::symbol::{Symbol, SymbolKind};
use crate::report::Place;
use crate::syntax::tree::Home;

/// What an expression stands for.
#[derive(Clone, Debug)]
pub(super) enum Val {
    /// A whole number.
    Int(i128),
    /// A number with a point.
    Float(f64),
    /// A truth value.
    Bool(bool),
    /// `3x3`
    Extents(Vec<usize>),
    /// `[a, b]`
    List(Vec<Val>),
    /// `(a, b)`
    Tuple(Vec<Val>),
    /// `a..b`
    Range(i128, i128),
    /// A value that only rustc knows.
    Symbol(Box<Symbol>),
    /// A range with such an end.
    SymbolRange(Box<Symbol>, Box<Symbol>),
    /// A string: an equation, or never right, but it tells what was meant.
    Text(String),
    /// A word that is no name: a keyword or a layer.
    Word(Word),
    /// A layer or block with its arguments.
    Layer(Box<Applied>),
    /// A value of the network.
    Flow(Flow),
    /// The values of every copy of a repeat.
    Flows(Vec<Flow>),
    /// The layer that has a label: whose weight is shared.
    Tied(usize),
    /// What an error above keeps from being known.
    Unknown,
}

/// A word, and where it is looked up if it is that of a block.
#[derive(Clone, Debug)]
pub(super) struct Word {
    /// The word.
    pub(super) name: Ident,
    /// Where it was written.
    pub(super) home: Home,
}

impl Deref for Word {
    type Target = Ident;

    fn deref(&self) -> &Ident {
        &self.name
    }
}

impl<T: AsRef<str> + ?Sized> PartialEq<T> for Word {
    fn eq(&self, text: &T) -> bool {
        self.name == *text
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

/// A layer or block with its arguments.
#[derive(Clone, Debug)]
pub(super) struct Applied {
    /// Which.
    pub(super) name: Ident,
    /// Where it was written.
    pub(super) home: Home,
    /// What stands in its parentheses.
    pub(super) arguments: Vec<Given>,
    /// As it was written.
    pub(super) text: String,
}

/// An argument with its value.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// Its name.
    pub(super) name: Option<Ident>,
    /// Its value.
    pub(super) value: Val,
    /// The name that is written for it, where it is written as one.
    pub(super) word: Option<Ident>,
    /// What stands after `->`.
    pub(super) to: Option<Val>,
    /// All of it.
    pub(super) place: Place,
}

impl Val {
    /// What kind of thing it is, with its article.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a number with a point",
            Self::Bool(_) => "a truth value",
            Self::Extents(_) => "extents",
            Self::List(_) => "a list",
            Self::Tuple(_) => "a tuple",
            Self::Range(..) => "a range",
            Self::Symbol(symbol) if symbol.kind == SymbolKind::Truth => "a truth value",
            Self::Symbol(_) => "a value that only rustc knows",
            Self::SymbolRange(..) => "a range",
            Self::Text(_) => "a text",
            Self::Word(_) => "a word",
            Self::Layer(_) => "a layer",
            Self::Flow(_) => "a value of the network",
            Self::Flows(_) => "values of the network",
            Self::Tied(_) => "the layer of a label",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it, or an element of it, comes of what an error was told of.
    pub(super) fn is_lost(&self) -> bool {
        match self {
            Self::Unknown => true,
            Self::List(values) | Self::Tuple(values) => values.iter().any(Self::is_lost),
            _ => false,
        }
    }

    /// The value as it would be written, where that is short.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Int(value) => value.to_string(),
            Self::Float(value) => format!("{value:?}"),
            Self::Bool(value) => value.to_string(),
            Self::Extents(extents) => {
                Extents::try_new(extents).map_or_else(String::new, |e| e.to_string())
            }
            Self::List(values) => format!("[{}]", texts(values)),
            Self::Tuple(values) => format!("({})", texts(values)),
            Self::Range(start, end) => format!("{start}..{end}"),
            Self::Symbol(symbol) => symbol.text.clone(),
            Self::SymbolRange(start, end) => format!("{}..{}", start.text, end.text),
            Self::Text(text) => format!("\"{text}\""),
            Self::Word(word) => word.to_string(),
            Self::Layer(layer) => layer.text.clone(),
            Self::Flow(_) | Self::Flows(_) | Self::Tied(_) | Self::Unknown => String::new(),
        }
    }

    /// Whether only rustc knows the value, or a part of it.
    pub(super) fn is_symbolic(&self) -> bool {
        match self {
            Self::Symbol(_) | Self::SymbolRange(..) => true,
            Self::List(values) | Self::Tuple(values) => values.iter().any(Self::is_symbolic),
            _ => false,
        }
    }

    /// The value as one extent.
    pub(super) fn extent(&self) -> Option<usize> {
        match self {
            Self::Int(value) => usize::try_from(*value).ok(),
            Self::Symbol(symbol) if symbol.kind != SymbolKind::Truth => {
                usize::try_from(symbol.value).ok()
            }
            _ => None,
        }
    }

    /// The value as a list of extents.
    pub(super) fn extents(&self) -> Option<Vec<usize>> {
        match self {
            Self::Extents(extents) => Some(extents.clone()),
            Self::List(values) => values.iter().map(Self::extent).collect(),
            _ => None,
        }
    }

    /// The value as the rules of a layer read it, where it is of a type that
    /// they know at all.
    pub(super) fn to_core(&self, argument: &Argument) -> Option<Value> {
        let Accepts {
            keywords,
            sides,
            equation,
            ..
        } = argument.accepts;
        Some(match self {
            Self::Int(value) => Value::Int(u64::try_from(*value).ok()?),
            Self::Float(value) => Value::Float(*value),
            Self::Bool(value) => Value::Bool(*value),
            Self::Range(start, end) => {
                Value::Range(usize::try_from(*start).ok()?, usize::try_from(*end).ok()?)
            }
            Self::Word(word) => {
                Value::Keyword(keywords.iter().copied().find(|keyword| word == keyword)?)
            }
            Self::Text(text) if equation => Value::Equation(Equation::try_new(text)?),
            Self::List(values) if sides && matches!(values.first(), Some(Self::Tuple(_))) => {
                let mut before = Vec::new();
                let mut after = Vec::new();
                for pair in values {
                    let Self::Tuple(pair) = pair else {
                        return None;
                    };
                    let [first, second] = pair.as_slice() else {
                        return None;
                    };
                    before.push(first.extent()?);
                    after.push(second.extent()?);
                }
                Value::Sides(Sides::new(
                    Extents::try_new(&before)?,
                    Extents::try_new(&after)?,
                ))
            }
            Self::Extents(_) | Self::List(_) => Value::Extents(Extents::try_new(&self.extents()?)?),
            _ => return None,
        })
    }
}

fn texts(values: &[Val]) -> String {
    values.iter().map(Val::text).collect::<Vec<_>>().join(", ")
}
