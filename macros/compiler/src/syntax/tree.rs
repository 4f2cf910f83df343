//! The syntax tree.

use proc_macro2::{Ident, Span, TokenStream};

use crate::report::{Errors, Place};

/// All of an invocation.
#[derive(Debug, Default)]
pub struct File {
    /// The tokens that name the facade crate: `$crate`.
    pub krate: TokenStream,
    /// The networks.
    pub networks: Vec<Network>,
    /// The blocks.
    pub blocks: Vec<Block>,
    /// Whether a network or block could not be read, so that a name that is
    /// missing is no news.
    pub lost: bool,
}

/// `pub struct Name(input) -> output { ... }`
#[derive(Debug)]
pub struct Network {
    /// What stands before it.
    pub attributes: Attributes,
    /// `pub`, `pub(crate)` or nothing.
    pub visibility: TokenStream,
    /// Its name.
    pub name: Ident,
    /// Its const generics.
    pub generics: Vec<Generic>,
    /// Its inputs.
    pub inputs: Vec<Port>,
    /// Its outputs.
    pub outputs: Vec<Output>,
    /// Its layers.
    pub body: Body,
    /// What could not be read in it.
    pub errors: Errors,
}

/// `const CLASSES: usize = 2`
#[derive(Debug)]
pub struct Generic {
    /// Its name.
    pub name: Ident,
    /// Whether it is a `bool`; else it is a `usize`.
    pub boolean: bool,
    /// The tokens of its type.
    pub ty: Ident,
    /// Its default.
    pub default: Option<TokenStream>,
}

impl Generic {
    /// The default, where it is a literal; a truth value is 0 or 1.
    pub fn value(&self) -> Option<i128> {
        let text = self.default.as_ref()?.to_string();
        match text.as_str() {
            "true" => Some(1),
            "false" => Some(0),
            _ => text
                .replace('_', "")
                .trim_end_matches("usize")
                .parse::<u32>()
                .ok()
                .map(i128::from),
        }
    }
}

/// `block Name(parameters) { ... }`
#[derive(Debug)]
pub struct Block {
    /// What stands before it.
    pub attributes: Attributes,
    /// Its name.
    pub name: Ident,
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// Its layers.
    pub body: Body,
}

/// `name` or `name = default`
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: Ident,
    /// What it is when the call does not say.
    pub default: Option<Expression>,
}

/// `name: shape` or `shape`
#[derive(Debug)]
pub struct Port {
    /// Its name.
    pub name: Option<Ident>,
    /// Its shape.
    pub shape: Expression,
}

/// `name: shape`, `name = label: shape`, `name` or `shape`
#[derive(Debug)]
pub struct Output {
    /// Its name.
    pub name: Option<Ident>,
    /// The label whose value it is, where that is not its name.
    pub label: Option<Ident>,
    /// Its shape, where one is declared.
    pub shape: Option<Expression>,
    /// All of it.
    pub place: Place,
}

/// `{ item* }`
#[derive(Debug)]
pub struct Body {
    /// What stands in it.
    pub items: Vec<Item>,
    /// The closing brace.
    pub end: Span,
}

/// What stands in a body.
#[derive(Debug)]
pub enum Item {
    /// Layers.
    Statement(Statement),
    /// `assert metric <= bound;`
    Assertion(Assertion),
    /// `let name = value;`
    Let(Let),
    /// A statement that could not be read; an error says so.
    Broken(Broken),
}

/// What is known of a statement that could not be read.
#[derive(Debug)]
pub struct Broken {
    /// Its labels.
    pub labels: Vec<Ident>,
    /// The shape that its author expects to leave it.
    pub expect: Option<Expression>,
}

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
    /// All of it.
    pub place: Place,
}

/// What stands after `=>`.
#[derive(Debug)]
pub enum Expect {
    /// A shape, or one per label.
    Shapes(Vec<Expression>),
    /// `?`: the macro is to say it.
    Hole(Span),
}

/// `assert metric <= bound;`
#[derive(Debug)]
pub struct Assertion {
    /// What is compared.
    pub metric: Ident,
    /// How.
    pub comparison: Comparison,
    /// With what.
    pub bound: Expression,
    /// All of it.
    pub place: Place,
}

/// `let name = value;`
#[derive(Debug)]
pub struct Let {
    /// The name.
    pub name: Ident,
    /// What it stands for.
    pub value: Expression,
}

/// A step of a statement.
#[derive(Debug)]
pub struct Unit {
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

/// `path::to::Network`, `path::to::layer(argument, ...)`
#[derive(Clone, Debug)]
pub struct NetworkPath {
    /// The path.
    pub path: TokenStream,
    /// What stands in its parentheses.
    pub arguments: Vec<Argument>,
    /// All of it.
    pub place: Place,
}

/// `name(argument, ...)`
#[derive(Clone, Debug)]
pub struct Call {
    /// What stands before the name, which is an error to have: `nn.`, `nn::`.
    pub prefix: String,
    /// The layer or block.
    pub name: Ident,
    /// What stands in its parentheses.
    pub arguments: Vec<Argument>,
    /// Its closing parenthesis, where it has any.
    pub parentheses: Option<Span>,
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

/// `repeat 3 { ... }`, `repeat i in 0..4 { ... }`
#[derive(Debug)]
pub struct Repeat {
    /// The loop variable.
    pub index: Option<Ident>,
    /// A count or a range.
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

/// What stands before an item: `/// ...`, `#[name = "..."]`.
#[derive(Debug, Default)]
pub struct Attributes {
    /// All of them as written.
    pub list: Vec<Attribute>,
}

/// `#[path ...]`
#[derive(Debug)]
pub struct Attribute {
    /// The tokens with `#` and brackets.
    pub tokens: TokenStream,
    /// Its first word.
    pub name: String,
    /// What stands after that: `= "text"` or `(...)`.
    pub rest: TokenStream,
    /// Where it stands.
    pub place: Place,
}

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
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `<<`
    ShiftLeft,
    /// `>>`
    ShiftRight,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `==`, `<` and the like
    Compare(Comparison),
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Whether it holds between two things in this order.
    pub fn holds(self, ordering: Option<std::cmp::Ordering>) -> bool {
        use std::cmp::Ordering::{Equal, Greater, Less};
        match self {
            Self::Equal => ordering == Some(Equal),
            Self::NotEqual => ordering != Some(Equal),
            Self::Less => ordering == Some(Less),
            Self::LessOrEqual => matches!(ordering, Some(Less | Equal)),
            Self::Greater => ordering == Some(Greater),
            Self::GreaterOrEqual => matches!(ordering, Some(Greater | Equal)),
        }
    }

    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

impl Operator {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
            Self::And => "&&",
            Self::Or => "||",
            Self::Compare(comparison) => comparison.symbol(),
        }
    }
}
