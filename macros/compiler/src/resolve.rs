//! From a syntax tree to a graph: names looked up, blocks expanded, values
//! computed, and every layer's rule in `core` asked as the flow reaches it.
//!
//! Shapes are found here and not in a later stage, since values may read them
//! (`input.channels`) and conditions decide by them which layers there are.

mod attributes;
mod body;
mod budgets;
mod call;
mod common;
mod display;
mod divergence;
mod expression;
mod naming;
mod ports;
mod scope;
mod shape;
mod statement;
mod structure;
pub(crate) mod symbol;
mod unused;
mod value;
pub(crate) mod world;

use crate::graph::{self, Resolved};
use crate::ordered::{Names, Set};
use crate::report::{Error, Errors, Place};
use crate::syntax::tree::{File, Id, Network, Unit};
use naming::Scope;
use proc_macro2::Span;
use scope::Frame;
use world::World;

/// How deep structures and block calls may be nested.
const MAX_DEPTH: usize = 128;

/// How many layers a network may have.
const MAX_LAYERS: usize = 100_000;

/// How many steps a walk takes: units and copies, those in which there is no
/// layer too. Repeats of repeats and blocks of blocks could go on for years.
const MAX_STEPS: usize = 400_000;

/// What came of a network.
#[derive(Debug)]
pub struct Outcome {
    /// The graph: as much of it as could be understood.
    pub graph: Resolved,
    /// What is wrong with it.
    pub errors: Errors,
    /// Whether something is not known though no error was told here: an error
    /// elsewhere says why.
    pub incomplete: bool,
    /// Whether a layer does not fit in this world, though it may with the values
    /// that only rustc knows.
    pub lost: bool,
    /// The `=> ?` whose shapes only rustc knows: where they stand, and the values.
    pub holes: Vec<(Span, Vec<usize>)>,
    /// How many statements do not have the shape that they declare.
    mismatches: usize,
}

/// Resolves one network.
pub fn network(file: &File, network: &Network) -> Outcome {
    world::resolve(file, network, &call::network::Known::default())
}

/// Walks over a network in one world.
///
/// Where a statement has another shape than the one it declares, either may be
/// the mistake. The network is resolved with each as what goes on, and the
/// reading with the fewest errors is told.
fn readings(file: &File, network: &Network, world: World<'_>) -> Outcome {
    const MOST_READINGS: usize = 6;
    let mut declared = Vec::new();
    let mut best = Builder::new(file, network, world, &declared).run();
    let mut place = 0;
    while place < best.mismatches.min(MOST_READINGS) && best.errors.len() > 1 {
        declared.resize(place, true);
        declared.push(false);
        let other = Builder::new(file, network, world, &declared).run();
        if other.errors.len() < best.errors.len() {
            best = other;
        } else {
            declared.pop();
            declared.push(true);
        }
        place += 1;
    }
    best
}

/// The walk over one network.
struct Builder<'a> {
    file: &'a File,
    network: &'a Network,
    world: World<'a>,
    graph: Resolved,
    errors: Errors,
    /// The names that can be read, innermost last.
    frames: Vec<Frame>,
    /// The scopes that paths are made of, innermost last.
    scopes: Vec<Scope>,
    /// The block calls that lead here: the block and how it was called.
    calls: Vec<(String, String)>,
    /// The copies of repeats that lead here.
    repeats: Vec<String>,
    /// The units that an error was told of: a block's mistake is told once,
    /// however often it is called.
    told: Set<Id>,
    /// The units whose arguments an error was told of.
    misgiven: Set<Id>,
    /// The errors of declared shapes after calls of blocks.
    common: common::Common,
    /// What the next statement's unit is called: the number of a copy.
    copy_segment: Option<String>,
    /// How many structures enclose the current one.
    depth: usize,
    /// How many labelled repeats or blocks hide labels from the constants.
    hidden: usize,
    /// The constants so far, and the paths of their labels.
    constants: Names<String>,
    /// How many enclosing statements allow values that nothing reads.
    unused_allowed: usize,
    /// For each mismatch in turn, whether the declared shape is what goes on.
    declared: &'a [bool],
    mismatches: usize,
    /// The units and copies so far.
    steps: usize,
    /// Whether something before here is unknown, so that totals mean nothing.
    incomplete: bool,
    /// Whether a layer does not fit in this world.
    lost: bool,
    holes: Vec<(Span, Vec<usize>)>,
    /// How many shapes were guessed: those of networks and layers of elsewhere.
    foreign: usize,
}

impl<'a> Builder<'a> {
    fn new(file: &'a File, network: &'a Network, world: World<'a>, declared: &'a [bool]) -> Self {
        Self {
            file,
            network,
            world,
            graph: Resolved::new(network.name.to_string()),
            errors: Errors::new(),
            frames: Vec::new(),
            scopes: vec![Scope::new(String::new())],
            calls: Vec::new(),
            repeats: Vec::new(),
            told: Set::new(),
            misgiven: Set::new(),
            common: common::Common::default(),
            copy_segment: None,
            depth: 0,
            hidden: 0,
            constants: Names::new(),
            unused_allowed: usize::from(network.attributes.allows("unused_value")),
            declared,
            mismatches: 0,
            steps: 0,
            incomplete: false,
            lost: false,
            holes: Vec::new(),
            foreign: 0,
        }
    }

    /// What is there before anything is walked over.
    fn nothing(network: &Network) -> Outcome {
        Outcome {
            graph: Resolved::new(network.name.to_string()),
            errors: Errors::new(),
            incomplete: true,
            lost: true,
            holes: Vec::new(),
            mismatches: 0,
        }
    }

    /// Gives this world up: something does not fit in it that may fit with the
    /// values that only rustc knows.
    fn give_up(&mut self) {
        self.lost = true;
        self.incomplete = true;
    }

    /// Gives this world up at an expression, which may have a result with the values
    /// that only rustc knows.
    fn lost_at(&mut self, code: graph::Code, called: &str, place: Place) {
        self.give_up();
        self.graph.checks.push(graph::Check {
            after: self.graph.nodes.len(),
            place,
            code,
            kind: graph::CheckKind::Lost {
                called: called.to_owned(),
            },
        });
    }

    /// Notes which way is taken where only rustc knows.
    fn decide(&mut self, taken: bool, code: graph::Code, text: String, place: Place) {
        let decision = graph::Decision { taken, text, place };
        self.graph.checks.push(graph::Check {
            after: self.graph.nodes.len(),
            place,
            code,
            kind: graph::CheckKind::Decision(decision),
        });
    }

    fn run(mut self) -> Outcome {
        self.network_attributes();
        let flow = self.inputs();
        let flow = self.body(&self.network.body, flow);
        self.outputs(&flow);
        self.common.merge(&mut self.errors);
        if self.errors.is_empty() && !self.incomplete {
            self.names_of_tensors();
            self.assertions();
            self.unused();
        }
        Outcome {
            graph: self.graph,
            errors: self.errors,
            incomplete: self.incomplete,
            lost: self.lost,
            holes: self.holes,
            mismatches: self.mismatches,
        }
    }

    /// Counts a step; whether there are too many, which is told once.
    fn beyond_steps(&mut self, unit: &Unit) -> bool {
        self.steps += 1;
        if self.steps == MAX_STEPS {
            let message = format!("more than {MAX_STEPS} parts and copies of parts are expanded");
            self.tell(Error::new(unit.place, message));
        }
        self.steps >= MAX_STEPS
    }

    /// Tells an error, and inside of a block which call led there.
    fn tell(&mut self, error: Error) {
        let error = match self.calls.last() {
            Some((block, call)) => error.fact("in", format!("block `{block}`, called as `{call}`")),
            None => error,
        };
        let error = match self.repeats.last() {
            Some(copy) => error.fact("in", copy),
            None => error,
        };
        self.errors.push(error);
    }

    /// Tells an error of a unit, once however often its block is called.
    fn tell_of(&mut self, unit: &Unit, error: Error) {
        if self.told.insert(unit.id) {
            self.tell(error);
        }
    }
}
