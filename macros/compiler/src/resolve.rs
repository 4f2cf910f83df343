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
mod draft;
mod expression;
mod findings;
mod kinds;
mod layout;
mod limit;
mod naming;
mod order;
mod ports;
mod reaching;
mod replay;
mod scope;
mod search;
mod shape;
mod sizes;
mod statement;
mod structure;
pub(crate) mod symbol;
mod travelling;
mod unread;
mod unused;
mod unwalked;
mod value;
mod verdict;
pub(crate) mod world;

use crate::graph::Resolved;
use crate::report::{Error, Errors};
use crate::syntax::tree::{File, Network, Unit};
use draft::Draft;
use expression::Evaluator;
use findings::Findings;
use proc_macro2::Span;
use scope::{Flow, Frames, Labels};
use shapewise_core::Shape;
pub use travelling::blocks;
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
    if best.errors.iter().any(Error::is_apart) {
        sizes::propose(file, network, world, &mut best);
    }
    best
}

/// What is walked over.
#[derive(Clone, Copy)]
struct Source<'a> {
    file: &'a File,
    network: &'a Network,
}

/// What goes on where a statement has another shape than the one it declares.
struct Reading<'a> {
    /// For each such statement in turn, whether it is the declared shape.
    declared: &'a [bool],
    /// How many there were.
    mismatches: usize,
}

impl Reading<'_> {
    /// Whether the declared shape goes on at the next of these statements.
    fn declared(&mut self) -> bool {
        let declared = self.declared.get(self.mismatches).copied();
        self.mismatches += 1;
        declared.unwrap_or(true)
    }
}

/// The walk over one network, from statement to statement.
struct Builder<'a> {
    source: Source<'a>,
    world: World<'a>,
    reading: Reading<'a>,
    /// What names mean.
    names: Frames,
    /// What is being built.
    draft: Draft,
    /// What is to be said.
    findings: Findings,
    /// What the next statement's unit is called: the number of a copy.
    copy_segment: Option<String>,
    /// The labels inside of the unit that the last copy was.
    copy_labels: Labels,
    /// How many structures enclose the current one.
    depth: usize,
    /// The units and copies so far.
    steps: usize,
    /// The shape that the input is taken for instead of the one that is declared.
    resized: Option<Shape>,
}

impl<'a> Builder<'a> {
    fn new(file: &'a File, network: &'a Network, world: World<'a>, declared: &'a [bool]) -> Self {
        Self {
            source: Source { file, network },
            world,
            reading: Reading {
                declared,
                mismatches: 0,
            },
            names: Frames::default(),
            draft: Draft::new(network),
            findings: Findings::default(),
            copy_segment: None,
            copy_labels: Labels::new(),
            depth: 0,
            steps: 0,
            resized: None,
        }
    }

    fn run(mut self) -> Outcome {
        attributes::of_network(
            &self.source.network.attributes,
            &mut self.draft.graph,
            &mut self.findings,
        );
        match limit::too_large(self.source) {
            Some(error) => self.findings.tell(error),
            None => {
                let flow = self.inputs();
                let flow = self.body(&self.source.network.body, flow);
                self.outputs(&flow);
                self.blocks();
            }
        }
        self.findings.merge_common();
        if self.findings.errors.is_empty() && !self.findings.incomplete {
            naming::names_of_tensors(&self.draft.graph, &mut self.findings);
            self.at(&Flow::Unknown).assertions();
            kinds::check(self.source.network, &self.draft.graph, &mut self.findings);
            order::settle(self.source.network, &mut self.draft.graph);
            naming::distinct(&mut self.draft.graph);
            unused::warn(&mut self.draft.graph);
            unread::warn(self.source.file, self.source.network, &mut self.draft.graph);
            layout::warn(self.source.network, &mut self.draft.graph);
        } else {
            self.at(&Flow::Unknown).unknown_metrics();
        }
        let mut graph = self.draft.graph;
        graph.checks = self.findings.checks;
        graph.plans = self.findings.plans;
        Outcome {
            graph,
            errors: self.findings.errors,
            incomplete: self.findings.incomplete,
            lost: self.findings.lost,
            holes: self.findings.holes,
            mismatches: self.reading.mismatches,
        }
    }

    /// What reads the values at a point of the walk; `flow` is what `_` stands for.
    fn at<'b>(&'b mut self, flow: &'b Flow) -> Evaluator<'b, 'a> {
        Evaluator {
            source: self.source,
            world: self.world,
            names: &self.names,
            graph: &self.draft.graph,
            findings: &mut self.findings,
            flow,
        }
    }

    /// Counts a step; whether there are too many, which is told once.
    fn beyond_steps(&mut self, unit: &Unit) -> bool {
        if self.findings.full {
            return true;
        }
        self.steps += 1;
        if self.steps == MAX_STEPS {
            let message = format!("more than {MAX_STEPS} parts and copies of parts are expanded");
            self.findings.tell(Error::new(unit.place, message));
        }
        self.steps >= MAX_STEPS
    }
}

#[cfg(test)]
mod tests {
    use super::Reading;

    #[test]
    fn what_no_reading_says_goes_on_as_it_is_declared() {
        let mut reading = Reading {
            declared: &[true, false],
            mismatches: 0,
        };
        let went_on = [(); 3].map(|()| reading.declared());
        assert_eq!((went_on, reading.mismatches), ([true, false, true], 3));
    }
}
