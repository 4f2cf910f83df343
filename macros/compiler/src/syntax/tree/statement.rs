//! Statements, and the units that they consist of.

use proc_macro2::{Ident, Span, TokenStream};
use shapewise_core::graph::Form;

use super::{Argument, Attributes, Body, Call, Expression, Id};
use crate::report::Place;

/// `label: unit, unit => shape;`
#[derive(Debug)]
pub struct Statement {
    /// What stands before it.
    pub attributes: Attributes,
    /// Its labels, one per result.
    pub labels: Vec<Ident>,
    /// Where the flow restarts.
    pub from: Option<Expression>,
    /// Its layers, in the order in which they are applied.
    pub units: Vec<Unit>,
    /// What its author expects to leave it.
    pub expect: Option<Expect>,
    /// Whether it is written as another framework has it, `x = layer(...)(x)`, which is
    /// told with what its layers are here.
    pub foreign: bool,
    /// The variable that it assigns anew, which no label stands for.
    pub variable: Option<Ident>,
    /// All of it.
    pub place: Place,
}

impl Statement {
    /// Whether it is one group and nothing else, has bodies inside, or layers only.
    pub fn form(&self) -> Form {
        match self.units.as_slice() {
            [unit] if self.from.is_none() && matches!(unit.kind, UnitKind::Group(_)) => Form::Group,
            units if units.iter().all(|unit| unit.bodies().is_empty()) => Form::Units(units.len()),
            _ => Form::Structure,
        }
    }
}

/// What stands after `=>`.
#[derive(Debug)]
pub enum Expect {
    /// A shape, or one per label.
    Shapes(Vec<Expression>),
    /// `?`: the macro is to say it.
    Hole(Span),
}

/// A step of a statement.
#[derive(Debug)]
pub struct Unit {
    /// Which it is.
    pub id: Id,
    /// What stands before it.
    pub attributes: Attributes,
    /// What it is.
    pub kind: UnitKind,
    /// All of it.
    pub place: Place,
}

/// What a step can be.
#[derive(Debug)]
pub enum UnitKind {
    /// A layer or a block, with or without parentheses.
    Call(Call),
    /// A network of a path with several segments.
    Path(NetworkPath),
    /// `custom path::to::layer(arguments)`
    Custom(NetworkPath),
    /// `{ ... }`
    Group(Body),
    /// `residual { ... } shortcut { ... }`
    Residual(Box<Residual>),
    /// `concat { branch { ... } branch { ... } }`
    Merge(Merge),
    /// `repeat i in 0..4 { ... }`
    Repeat(Box<Repeat>),
    /// `if condition { ... } else { ... }`
    If(Box<If>),
}

impl Unit {
    /// The bodies inside of it, in the order in which they are written.
    pub fn bodies(&self) -> Vec<&Body> {
        match &self.kind {
            UnitKind::Call(_) | UnitKind::Path(_) | UnitKind::Custom(_) => Vec::new(),
            UnitKind::Group(body) => vec![body],
            UnitKind::Residual(residual) => {
                let shortcut = residual.shortcut.iter().map(|(_, body)| body);
                [&residual.body].into_iter().chain(shortcut).collect()
            }
            UnitKind::Merge(merge) => merge.branches.iter().map(|branch| &branch.body).collect(),
            UnitKind::Repeat(repeat) => vec![&repeat.body],
            UnitKind::If(decision) => [&decision.then]
                .into_iter()
                .chain(&decision.otherwise)
                .collect(),
        }
    }
}

/// `path::to::Network`, `path::to::layer(value, ...; argument, ...)`
#[derive(Clone, Debug)]
pub struct NetworkPath {
    /// The path.
    pub path: TokenStream,
    /// What goes into a layer of the user's own, where that is written: before `;`.
    pub values: Vec<Expression>,
    /// What stands in its parentheses.
    pub arguments: Vec<Argument>,
    /// All of it.
    pub place: Place,
}

/// `residual if condition { body } shortcut if condition { ... }`
#[derive(Debug)]
pub struct Residual {
    /// Without it the body stands alone.
    pub condition: Option<Expression>,
    /// What is added to the flow.
    pub body: Body,
    /// What the flow goes through before.
    pub shortcut: Option<(Option<Expression>, Body)>,
}

/// `concat { branch { ... } left: branch { ... } }`
#[derive(Debug)]
pub struct Merge {
    /// The layer that merges, with arguments.
    pub call: Call,
    /// What is merged.
    pub branches: Vec<Branch>,
}

/// `label: branch { ... }`
#[derive(Debug)]
pub struct Branch {
    /// What stands before it.
    pub attributes: Attributes,
    /// Its name.
    pub label: Option<Ident>,
    /// Its layers.
    pub body: Body,
    /// The word `branch`.
    pub span: Span,
}

/// `repeat 3 { ... }`, `repeat i in 0..4 { ... }`, `repeat (width, depth) in stages { ... }`
#[derive(Debug)]
pub struct Repeat {
    /// The loop variable; several for the parts of each element.
    pub names: Vec<Ident>,
    /// A count, a range or a list.
    pub count: Expression,
    /// What is repeated.
    pub body: Body,
}

/// `if condition { ... } else { ... }`
#[derive(Debug)]
pub struct If {
    /// Which of the two.
    pub condition: Expression,
    /// When it holds.
    pub then: Body,
    /// When it does not.
    pub otherwise: Option<Body>,
}
