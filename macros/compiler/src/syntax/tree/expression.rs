//! Values: numbers, names, operators, calls.

use proc_macro2::{Ident, Span, TokenStream};
use shapewise_core::arithmetic::{Comparison, Operation};

use crate::report::Place;

/// A value.
#[derive(Clone, Debug)]
pub struct Expression {
    /// What it is.
    pub kind: ExpressionKind,
    /// All of it.
    pub place: Place,
}

/// What a value can be.
#[derive(Clone, Debug)]
pub enum ExpressionKind {
    /// `96`, `62_378_344`
    Int(u64),
    /// `61M`, `64KiB`: the number, and how it was written.
    Quantity(u64, String),
    /// `0.5`
    Float(f64),
    /// `3x3`
    Extents(Vec<usize>),
    /// `true`, `false`
    Bool(bool),
    /// `"..."`, or a character
    Text(String),
    /// A bare word, `_` included.
    Word(Ident),
    /// `a.b`
    Member(Box<Expression>, Ident),
    /// `a.*`: every copy of a repeat
    Every(Box<Expression>),
    /// `a.{i}`: one copy of a repeat
    Copy(Box<Expression>, Box<Expression>),
    /// `a[i]`
    Index(Box<Expression>, Box<Expression>),
    /// `[a, b]`
    List(Vec<Expression>),
    /// `(a, b)`
    Tuple(Vec<Expression>),
    /// `a..b`
    Range(Box<Expression>, Box<Expression>),
    /// `-a`
    Negate(Box<Expression>),
    /// `!a`
    Not(Box<Expression>),
    /// `a + b`
    Binary(Operator, Box<Expression>, Box<Expression>),
    /// `if c { a } else { b }`
    If(Box<Expression>, Box<Expression>, Box<Expression>),
    /// `div_floor(a, b)`, or a layer as an argument
    Call(Call),
    /// `config::WIDTH`
    Path(TokenStream),
    /// `{ any Rust }`
    Rust(TokenStream),
}

/// An operator between two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`, `<<` and the like
    Compute(Operation),
    /// `&&`
    And,
    /// `||`
    Or,
    /// `==`, `<` and the like
    Compare(Comparison),
}

impl Operator {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Compute(operation) => operation.symbol(),
            Self::And => "&&",
            Self::Or => "||",
            Self::Compare(comparison) => comparison.symbol(),
        }
    }
}

/// `name(argument, ...)`
#[derive(Clone, Debug)]
pub struct Call {
    /// What stands before the name: `nn.` of another framework, `nn::` of it or of a network.
    pub prefix: String,
    /// All of the path, where it is one of Rust's.
    pub path: Option<TokenStream>,
    /// The layer or block.
    pub name: Ident,
    /// What stands in its parentheses.
    pub arguments: Vec<Argument>,
    /// Its closing parenthesis, where it has any.
    pub parentheses: Option<Span>,
    /// What stands in the second parentheses of `layers.Dense(10)(x)`.
    pub applied: Option<Vec<Argument>>,
}

/// `name = value`, `value`, `in -> out`
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its name.
    pub name: Option<Ident>,
    /// Its value.
    pub value: Expression,
    /// What stands after `->`, `value` then being what comes in.
    pub to: Option<Expression>,
}

impl Argument {
    /// All of it.
    pub fn place(&self) -> Place {
        let value = self
            .to
            .as_ref()
            .map_or(self.value.place, |to| self.value.place.to(to.place));
        match &self.name {
            Some(name) => Place::at(name.span()).to(value),
            None => value,
        }
    }
}
