//! What is to be said of a network, and where the walk is that says it.

use proc_macro2::{Ident, Span};
use shapewise_core::Shape;

use super::call::unknown::Foreign;
use super::common::Common;
use super::scope::Flow;
use std::collections::BTreeSet;

use crate::graph::{Check, Planned};
use crate::ordered::Set;
use crate::report::{Error, Errors};
use crate::syntax::tree::{File, Home, Id, Statement, Unit};

/// What is found out about a network besides its graph.
#[derive(Debug, Default)]
pub(super) struct Findings {
    /// What is wrong.
    pub(super) errors: Errors,
    /// What only rustc can check.
    pub(super) checks: Vec<Check>,
    /// The budgets of plans that hold.
    pub(super) plans: Vec<Planned>,
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
    /// The names that are missing: one that is nowhere is told once, however often it is read
    /// and the block that reads it is called.
    missing: BTreeSet<String>,
    /// The errors of declared shapes after calls of blocks.
    common: Common,
}

/// A block where it is called.
#[derive(Clone, Debug)]
pub(super) struct Called {
    /// The block.
    pub(super) block: String,
    /// Where its names are looked up.
    pub(super) home: Home,
    /// How it was called.
    pub(super) text: String,
}

impl Called {
    /// As a fact of an error.
    fn fact(&self) -> String {
        format!("block `{}`, called as `{}`", self.block, self.text)
    }
}

/// What led to where the walk is.
#[derive(Debug, Default)]
pub(super) struct Trail {
    /// The block calls.
    pub(super) calls: Vec<Called>,
    /// The copies of repeats.
    pub(super) repeats: Vec<String>,
    /// What the network's own residuals, branches and repeats around it are called.
    pub(super) structures: Vec<&'static str>,
}

impl Trail {
    /// The block whose body is walked over.
    pub(super) fn block(&self) -> Option<&Called> {
        self.calls.last()
    }

    /// Where the names of blocks are looked up.
    pub(super) fn home(&self) -> Home {
        self.block().map_or(Home::OWN, |called| called.home)
    }

    /// What led here, as facts of an error: the last call, and where that stands in a block
    /// that a `use` brought along, the one in the invocation itself, too.
    pub(super) fn facts(&self) -> Vec<String> {
        let mut facts: Vec<String> = self.block().map(Called::fact).into_iter().collect();
        let entered = self.calls.iter().position(|call| !call.home.is_own());
        if let Some(entered) = entered
            && entered + 1 < self.calls.len()
        {
            facts.push(self.calls[entered].fact());
        }
        facts.extend(self.repeats.last().cloned());
        facts
    }

    /// What led here, as further lines of a const evaluation's message: the calls, the last
    /// one first.
    pub(super) fn lines(&self) -> String {
        const MOST: usize = 4;
        let calls = self.calls.iter().rev().take(MOST).map(Called::fact);
        let facts = calls.chain(self.repeats.last().cloned());
        facts.map(|fact| format!("\n  in      {fact}")).collect()
    }

    /// The blocks from a call of this one on, where it is called already.
    pub(super) fn since(&self, home: Home, name: &str) -> Option<Vec<&str>> {
        let same = |call: &&Called| call.block == name && call.home == home;
        let calls = self.calls.iter().skip_while(|call| !same(call));
        let blocks: Vec<&str> = calls.map(|call| call.block.as_str()).collect();
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

    /// Tells, once in a network, that a name is missing.
    pub(super) fn tell_missing(&mut self, name: String, error: Error) {
        if self.is_news_of(name) {
            self.tell(error);
        }
    }

    /// Tells, once however often it is walked over, that a name cannot be given: that is no
    /// matter of the call or the copy.
    pub(super) fn tell_name(&mut self, name: &Ident, error: Error) {
        if self.is_news_of(format!("{name} at {:?}", name.span())) {
            self.errors.push(error);
        }
    }

    /// Whether it was not told yet that this name is missing; from now on it is.
    pub(super) fn is_news_of(&mut self, name: String) -> bool {
        self.missing.insert(name)
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
        file: &File,
        statement: &Statement,
        shapes: (&Shape, &Shape),
    ) {
        if self.trail.calls.is_empty() && self.trail.repeats.is_empty() {
            let error = (shapes.0 != shapes.1).then_some(self.errors.len());
            self.common.declared(file, statement, shapes, error);
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
        assert!(trail.block().is_none() && trail.since(Home::OWN, "Stem").is_none());
        for block in ["Stem", "Part", "Inner"] {
            trail.calls.push(Called {
                block: block.to_owned(),
                home: Home::OWN,
                text: format!("{block}(3)"),
            });
        }
        assert_eq!(trail.block().unwrap().block, "Inner");
        assert_eq!(trail.since(Home::OWN, "Part"), Some(vec!["Part", "Inner"]));
        assert_eq!(trail.facts(), ["block `Inner`, called as `Inner(3)`"]);
        assert_eq!(trail.since(Home::OWN, "Other"), None);
    }
}
