//! The syntax tree: networks, blocks and bodies; statements and values below.

mod expression;
mod statement;

use proc_macro2::{Ident, Span, TokenStream};
pub use shapewise_core::arithmetic::Comparison;

use crate::report::{Errors, Place};

pub use expression::{Argument, Call, Expression, ExpressionKind, Operator};
pub use statement::{
    Branch, Expect, If, Merge, NetworkPath, Repeat, Residual, Statement, Unit, UnitKind,
};

/// All of an invocation.
#[derive(Debug, Default)]
pub struct File {
    /// The tokens that name the facade crate: `$crate`.
    pub krate: TokenStream,
    /// The networks.
    pub networks: Vec<Network>,
    /// The blocks: those of the invocation, and those that a `use` brought along.
    pub blocks: Vec<Block>,
    /// What `use` names.
    pub imports: Vec<Import>,
    /// Whether a network or block could not be read, so that a name that is
    /// missing is no news.
    pub lost: bool,
}

impl File {
    /// The block of that name, as it is seen from a block of that home.
    pub fn block(&self, home: Home, name: &str) -> Option<&Block> {
        let mut blocks = self.blocks.iter();
        let own = blocks.find(|block| block.home == home && block.name == name);
        own.or_else(|| {
            let mut imports = self.imports.iter();
            let import = imports.find(|import| import.home == home && import.name == name)?;
            self.blocks.get(import.block?)
        })
    }

    /// The names of the blocks that are seen from a home.
    pub fn names(&self, home: Home) -> impl Iterator<Item = &Ident> {
        let blocks = self.blocks.iter().filter(move |block| block.home == home);
        let imports = self
            .imports
            .iter()
            .filter(move |import| import.home == home);
        blocks
            .map(|block| &block.name)
            .chain(imports.map(|import| &import.name))
    }

    /// The blocks of the invocation itself.
    pub fn own_blocks(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter().filter(|block| block.home.is_own())
    }
}

/// Where blocks are looked up by their names: in the invocation, or in what a `use` brought
/// along. A number that no other `use` has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Home(pub(super) usize);

impl Home {
    /// The invocation itself.
    pub const OWN: Self = Self(0);

    /// Whether it is the invocation itself.
    pub fn is_own(self) -> bool {
        self == Self::OWN
    }
}

/// `use path as Name;`
#[derive(Debug)]
pub struct Import {
    /// Where it can be called.
    pub home: Home,
    /// What it is called there.
    pub name: Ident,
    /// The last name of its path.
    pub last: Ident,
    /// Its path as it is written.
    pub path: String,
    /// The block, by its place; nothing where it was not found.
    pub block: Option<usize>,
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

/// `pub block Name(parameters) { ... }`
#[derive(Debug)]
pub struct Block {
    /// Where the names in it are looked up.
    pub home: Home,
    /// What stands before it.
    pub attributes: Attributes,
    /// `pub`, `pub(crate)` or nothing: then it is for its invocation only.
    pub visibility: TokenStream,
    /// All of its tokens, for those who use it.
    pub tokens: TokenStream,
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

/// Which node of the tree something is: a number that no other node has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(pub(super) usize);

/// `name: shape` or `shape`, and what its elements are: `of indices`
#[derive(Debug)]
pub struct Port {
    /// Which it is.
    pub id: Id,
    /// Its name.
    pub name: Option<Ident>,
    /// Its shape.
    pub shape: Expression,
    /// What its elements are, where that is written.
    pub kind: Option<Kind>,
}

/// What the elements of a value are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Whole numbers that something is looked up by.
    Indices,
    /// Numbers to calculate with.
    Numbers,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Indices => "indices",
            Self::Numbers => "numbers",
        })
    }
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

/// `assert metric <= bound;`
#[derive(Debug)]
pub struct Assertion {
    /// What is compared.
    pub metric: Ident,
    /// What stands in parentheses after it: a plan.
    pub plan: Option<Vec<Argument>>,
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
    /// What stands before it.
    pub attributes: Attributes,
    /// The name.
    pub name: Ident,
    /// What it stands for.
    pub value: Expression,
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
