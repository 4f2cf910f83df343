//! What is to be said of a network, and where the walk is that says it.

use proc_macro2::Span;
use shapewise_core::Shape;

use super::call::unknown::Foreign;
use super::common::Common;
use super::scope::Flow;
use crate::graph::Check;
use crate::ordered::Set;
use crate::report::{Error, Errors};
use crate::syntax::tree::{Block, Id, Statement, Unit};

/// What is found out about a network besides its graph.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What is wrong.
    pub(super) errors: Errors,
    /// What only rustc can check.
    pub(super) checks: Vec<Check>,
    /// Whether something before here is unknown, so that totals mean nothing.
    pub(super) incomplete: bool,
    /// Whether there are as many layers as a network can have: nothing is looked at any
    /// more.
    pub(super) full: bool,
    /// Whether a layer does not fit in this world.
    pub(super) lost: bool,
    /// The `=> ?` whose shapes only rustc knows.
    pub(super) holes: Vec<(Span, Vec<usize>)>,
    /// What led here.
    pub(super) trail: Trail,
    /// The layers of other frameworks in the statement that is walked over.
    pub(super) foreign: Vec<Foreign>,
    /// The units that an error was told of: a block's mistake is told once,
    /// however often it is called.
    told: Set<Id>,
    /// The units whose arguments an error was told of.
    misgiven: Set<Id>,
    /// The errors of declared shapes after calls of blocks.
    common: Common,
}

/// What led to where the walk is.
#[derive(Debug, Default)]
pub(super) struct Trail {
    /// The block calls: the block and how it was called.
    pub(super) calls: Vec<(String, String)>,
    /// The copies of repeats.
    pub(super) repeats: Vec<String>,
    /// What the network's own residuals, branches and repeats around it are called.
    pub(super) structures: Vec<&'static str>,
}

impl Trail {
    /// The block whose body is walked over.
    pub(super) fn block(&self) -> Option<&str> {
        self.calls.last().map(|(block, _)| block.as_str())
    }

    /// What led here, as facts of an error.
    pub(super) fn facts(&self) -> Vec<String> {
        let call = self.calls.last();
        let call = call.map(|(block, call)| format!("block `{block}`, called as `{call}`"));
        call.into_iter()
            .chain(self.repeats.last().cloned())
            .collect()
    }

    /// The blocks from a call of this one on, where it is called already.
    pub(super) fn since(&self, name: &str) -> Option<Vec<&str>> {
        let calls = self.calls.iter().map(|(block, _)| block.as_str());
        let blocks: Vec<&str> = calls.skip_while(|block| *block != name).collect();
        (!blocks.is_empty()).then_some(blocks)
    }
}

impl Findings {
    /// Tells an error, and inside of a block which call led there.
    pub(super) fn tell(&mut self, error: Error) {
        let facts = self.trail.facts();
        let error = facts
            .into_iter()
            .fold(error, |error, fact| error.fact("in", fact));
        self.errors.push(error);
    }

    /// Whether nothing was told of a unit yet; from now on something is.
    pub(super) fn is_news(&mut self, unit: &Unit) -> bool {
        self.told.insert(unit.id)
    }

    /// Tells an error of a unit, once however often its block is called.
    pub(super) fn tell_of(&mut self, unit: &Unit, error: Error) {
        if self.is_news(unit) {
            self.tell(error);
        }
    }

    /// Tells an error of a unit, of which then nothing is known.
    pub(super) fn refuse(&mut self, unit: &Unit, error: Error) -> Flow {
        self.tell_of(unit, error);
        Flow::Unknown
    }

    /// What is wrong with a unit's arguments, which are the errors after the first
    /// `before`, is told once.
    pub(super) fn misgiven(&mut self, unit: &Unit, before: usize) {
        if self.errors.len() > before && !self.misgiven.insert(unit.id) {
            self.errors.truncate(before);
        }
    }

    /// Gives this world up: something does not fit in it that may fit with the
    /// values that only rustc knows.
    pub(super) fn give_up(&mut self) {
        self.lost = true;
        self.incomplete = true;
    }

    /// A statement declares a shape that a value has, or has not, which is the next
    /// error.
    pub(super) fn declared(
        &mut self,
        blocks: &[Block],
        statement: &Statement,
        shapes: (&Shape, &Shape),
    ) {
        if self.trail.calls.is_empty() && self.trail.repeats.is_empty() {
            let error = (shapes.0 != shapes.1).then_some(self.errors.len());
            self.common.declared(blocks, statement, shapes, error);
        }
    }

    /// Makes one error of those that have a block as their common cause.
    pub(super) fn merge_common(&mut self) {
        self.common.merge(&mut self.errors);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_tells_the_way_round_a_circle_of_blocks() {
        let mut trail = Trail::default();
        assert_eq!((trail.block(), trail.since("Stem")), (None, None));
        for block in ["Stem", "Part", "Inner"] {
            let call = format!("{block}(3)");
            trail.calls.push((block.to_owned(), call));
        }
        assert_eq!(trail.block(), Some("Inner"));
        assert_eq!(trail.since("Part"), Some(vec!["Part", "Inner"]));
        assert_eq!(trail.since("Other"), None);
    }
}
