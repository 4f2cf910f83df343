//! The graph of a network as the macro knows it.

mod atom;
mod costs;
mod formula;

use std::ops::Range;
use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream};
use shapewise_core::arithmetic::Comparison;
use shapewise_core::catalogue::Entry;
use shapewise_core::figure::Figure;
use shapewise_core::graph::{DType, Form};
use shapewise_core::plan::Need;
use shapewise_core::{Counts, Layer, Shape, Value};

pub(crate) use atom::candidate;
pub use atom::{Atom, AtomType, Choice};
pub use formula::{Formula, Numbers, Recipe};

use crate::ordered::Set;
use crate::report::Place;
use crate::syntax::tree::Id;

/// A network whose names are looked up and whose shapes are known.
#[derive(Debug)]
pub struct Resolved {
    /// Its name.
    pub name: String,
    /// The type of its numbers.
    pub dtype: DType,
    /// Whether a stride that drops elements is an error.
    pub deny_inexact_stride: bool,
    /// The names of its inputs, which are its first values.
    pub inputs: Vec<String>,
    /// Everything that flows.
    pub values: Vec<ValueInfo>,
    /// Its layers.
    pub nodes: Vec<Node>,
    /// Its outputs: their names and values.
    pub outputs: Vec<(String, usize)>,
    /// The rows of its table.
    pub statements: Vec<Statement>,
    /// What is legal and often not meant.
    pub warnings: Vec<Warning>,
    /// What only rustc can check.
    pub checks: Vec<Check>,
    /// The budgets of plans that hold.
    pub plans: Vec<Planned>,
    /// The values that only rustc knows, where there are any.
    pub symbols: Option<Symbols>,
    /// The layer at which the shapes could not be followed further.
    pub dead_end: Option<Box<DeadEnd>>,
    /// What the nodes so far cost: every sum that is later made fits 64 bits.
    sum: Counts,
    /// The elements of all activations so far.
    elements: u64,
}

/// A value that flows between layers.
#[derive(Debug)]
pub struct ValueInfo {
    /// Its shape; where it is symbolic, that of the world that is walked.
    pub shape: Shape,
    /// Whether only rustc knows the shape.
    pub symbolic: bool,
    /// What is written, for an input with symbols in its shape.
    pub code: Option<Symbolic>,
    /// The shape as documentation shows it.
    pub display: String,
    /// Where it comes from, for messages: `` `pool4: max_pool(2x2)` ``.
    pub origin: String,
    /// The layer that made it, none for an input.
    pub node: Option<usize>,
    /// Where it is told of when nothing reads it; nothing where that is allowed.
    pub watch: Option<Watch>,
}

/// How a value is told of when nothing reads it.
#[derive(Clone, Debug)]
pub struct Watch {
    /// Where.
    pub span: Span,
    /// What it is called.
    pub name: String,
    /// The unit or port and which of its results it is, so that copies of it are
    /// told of once.
    pub key: (Id, usize),
}

/// A layer as it is written, in its place: what is there before its rules are asked.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it is.
    pub entry: &'static Entry,
    /// The arguments that were written.
    pub arguments: Vec<(&'static str, Value)>,
    /// What is written for those of them that have symbols.
    pub codes: Vec<Option<Symbolic>>,
    /// What it is, where it is no layer of the language.
    pub ready: Option<Ready>,
    /// Whether only rustc knows what it costs and gives.
    pub symbolic: bool,
    /// What it is called in a message.
    pub called: String,
    /// What led to it, as further lines of a const evaluation's message.
    pub within: String,
    /// Its name and arguments.
    pub place: Place,
    /// The values that go in.
    pub inputs: Vec<usize>,
    /// The first value that comes out.
    pub output: usize,
    /// Its path.
    pub path: String,
    /// The user's word for it: where an editor shows its documentation.
    pub span: Span,
    /// The node whose weights it uses.
    pub shared: Option<usize>,
    /// What some of its tensors are called instead of their own names.
    pub renamed: Vec<(String, String)>,
}

impl Step {
    /// Whether rustc evaluates some of its arguments.
    pub(crate) fn is_given(&self) -> bool {
        self.codes.iter().any(Option::is_some)
    }

    /// Whether it is written as literals, but for such arguments: all but a layer of the
    /// user's own.
    pub(crate) fn is_coded(&self) -> bool {
        !matches!(self.ready, Some(Ready::Custom { .. }))
    }
}

/// A layer in its place, with what its rules found.
#[derive(Debug)]
pub struct Node {
    /// As it is written.
    pub step: Rc<Step>,
    /// Its hyperparameters.
    pub layer: Layer,
    /// What is inside, where it is a network of the same invocation.
    pub inside: Option<Rc<Resolved>>,
    /// How many values come out.
    pub results: usize,
    /// What it costs.
    pub counts: Counts,
}

impl Node {
    /// The values that come out.
    pub fn outputs(&self) -> Range<usize> {
        self.step.output..self.step.output + self.results
    }
}

/// A layer that does not fit with any of the numbers that were tried.
#[derive(Debug)]
pub struct DeadEnd {
    /// As it is written.
    pub step: Step,
    /// How many values are to come out.
    pub results: usize,
    /// Where each of its arguments stands.
    pub places: Vec<Place>,
    /// What led there, as facts of an error.
    pub trail: Vec<String>,
}

/// A node that is no layer of the language.
#[derive(Clone, Debug)]
pub enum Ready {
    /// A network, by the path of its type.
    Network(TokenStream),
    /// A layer of the user's own: the path of its function, and what stands after
    /// the shape.
    Custom {
        /// The function.
        function: TokenStream,
        /// The arguments, each with a comma.
        arguments: Code,
    },
}

/// An expression that rustc evaluates.
#[derive(Clone, Debug, Default)]
pub struct Code {
    /// The expression, in the hidden program's impl.
    pub tokens: TokenStream,
    /// The extents of values that it reads: the value, and its axis.
    pub reads: Set<(usize, String)>,
}

impl Code {
    /// Code that reads no extents.
    pub fn new(tokens: TokenStream) -> Self {
        Self {
            tokens,
            reads: Set::new(),
        }
    }

    /// The code that is made of this one's tokens.
    pub(crate) fn map(self, make: impl FnOnce(TokenStream) -> TokenStream) -> Self {
        Self {
            tokens: make(self.tokens),
            reads: self.reads,
        }
    }

    /// The code that is made of this one's tokens and another's.
    pub(crate) fn with(
        self,
        other: Self,
        make: impl FnOnce(TokenStream, TokenStream) -> TokenStream,
    ) -> Self {
        Self {
            tokens: make(self.tokens, other.tokens),
            reads: self.reads.union(other.reads),
        }
    }
}

/// An argument or a shape that only rustc knows.
#[derive(Clone, Debug)]
pub struct Symbolic {
    /// What rustc evaluates.
    pub code: Code,
    /// What the macro calculates for numbers of its own.
    pub recipe: Recipe,
}

/// Something that only rustc can check.
#[derive(Debug)]
pub struct Check {
    /// How many nodes stand before it.
    pub after: usize,
    /// Where it is told of.
    pub place: Place,
    /// What led there, as further lines of a const evaluation's message.
    pub within: String,
    /// What rustc evaluates: a truth value, a shape or a bound.
    pub code: Code,
    /// The same for numbers of the macro's own; nothing where it has no such value.
    pub recipe: Option<Recipe>,
    /// What is checked.
    pub kind: CheckKind,
}

/// What is checked by rustc.
#[derive(Debug)]
pub enum CheckKind {
    /// That a condition is what the macro took it for.
    Decision(Decision),
    /// That a value has the shape that the author expects.
    Expect {
        /// The value.
        value: usize,
        /// What it is called.
        what: String,
        /// Whether the expected shape is what goes on from there.
        goes_on: bool,
    },
    /// Nothing: what was evaluated had no result with any of the numbers that were
    /// tried, and the network could not be followed beyond.
    Lost {
        /// What it is called.
        called: String,
    },
    /// That a budget holds.
    Budget {
        /// Of which figure.
        figure: Figure,
        /// How it is compared.
        comparison: Comparison,
    },
    /// That a budget of a plan holds.
    Plan {
        /// The plan, as rustc gets it.
        asked: TokenStream,
        /// How what it takes is compared.
        comparison: Comparison,
    },
}

/// A budget of a plan that holds.
#[derive(Clone, Debug)]
pub struct Planned {
    /// As it is written, without its bound.
    pub text: String,
    /// What the plan takes.
    pub need: Need,
    /// What that is compared with.
    pub bound: u64,
}

/// A condition that the macro took for true or false.
#[derive(Debug)]
pub struct Decision {
    /// Which.
    pub taken: bool,
    /// The condition.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

impl Check {
    /// The condition, where it is one.
    pub fn decision(&self) -> Option<&Decision> {
        match &self.kind {
            CheckKind::Decision(decision) => Some(decision),
            _ => None,
        }
    }
}

/// The values of a network that only rustc knows.
#[derive(Debug)]
pub struct Symbols {
    /// All of them.
    pub atoms: Vec<Atom>,
    /// The same network with other numbers in their place.
    pub worlds: Vec<Resolved>,
    /// What the atoms are in these worlds, that of the network itself first.
    pub choices: Vec<Choice>,
    /// Parts of expressions that are no polynomials of the atoms, as they are written.
    pub terms: Vec<(String, Formula)>,
    /// Whether the network itself is the one with all defaults.
    pub known: bool,
    /// Whether all of it fits with these: rustc need not look for errors that come
    /// with the defaults.
    pub settled: bool,
}

impl Symbols {
    /// Forgets the worlds.
    pub(crate) fn forget(&mut self) {
        self.worlds.clear();
        self.choices.clear();
        self.known = false;
        self.settled = false;
    }
}

/// A message that does not stop anything.
#[derive(Debug)]
pub struct Warning {
    /// By what name `allow` knows it.
    pub lint: &'static str,
    /// Where.
    pub span: Span,
    /// What.
    pub message: String,
}

/// A statement of the source, a row of the table.
#[derive(Debug)]
pub struct Statement {
    /// The path of its label, empty without one.
    pub path: String,
    /// Its label.
    pub label: Option<Ident>,
    /// The name of its constant, where it has one.
    pub constant: Option<String>,
    /// Its units as text.
    pub text: String,
    /// What it consists of.
    pub form: Form,
    /// How many statements it is inside of.
    pub depth: usize,
    /// How many copies it stands for.
    pub copies: usize,
    /// Its first node and the one after its last.
    pub nodes: (usize, usize),
    /// What enters.
    pub input: usize,
    /// What leaves.
    pub output: usize,
    /// The doc comments before it.
    pub docs: Vec<TokenStream>,
}

impl Statement {
    /// Whether the flow could be followed through it: what is not known has no layers.
    pub(crate) fn is_followed(&self) -> bool {
        self.nodes.0 < self.nodes.1
    }
}

/// The constant of a label's path; nothing where that would be no name of Rust's:
/// inside of something without a label, whose segment is a number.
pub fn constant_name(path: &str) -> Option<String> {
    let name = path.replace("r#", "").replace('.', "_").to_uppercase();
    syn::parse_str::<Ident>(&name).is_ok().then_some(name)
}

impl Resolved {
    /// A network without anything in it.
    pub fn new(name: String) -> Self {
        Self {
            name,
            dtype: DType::F32,
            deny_inexact_stride: false,
            inputs: Vec::new(),
            values: Vec::new(),
            nodes: Vec::new(),
            outputs: Vec::new(),
            statements: Vec::new(),
            warnings: Vec::new(),
            checks: Vec::new(),
            plans: Vec::new(),
            symbols: None,
            dead_end: None,
            sum: Counts::ZERO,
            elements: 0,
        }
    }

    /// All that is written with values that only rustc knows.
    pub(crate) fn recipes(&self) -> impl Iterator<Item = &Recipe> {
        let inputs = self.values.iter().filter_map(|value| value.code.as_ref());
        let nodes = self.nodes.iter().flat_map(|node| &node.step.codes);
        let written = inputs.chain(nodes.flatten()).map(|known| &known.recipe);
        written.chain(self.checks.iter().filter_map(|check| check.recipe.as_ref()))
    }

    /// The parts of expressions that are no polynomials of what they are made of.
    pub(crate) fn bends(&self) -> Vec<Formula> {
        const MOST: usize = 8;
        let mut bends: Vec<Formula> = Vec::new();
        for formula in self.recipes().flat_map(Recipe::formulas) {
            formula.visit(&mut |part| {
                if part.bends() && bends.len() < MOST && !bends.contains(part) {
                    bends.push(part.clone());
                }
            });
        }
        bends
    }
}
