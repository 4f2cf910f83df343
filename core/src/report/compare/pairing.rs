//! Which statement of one network is which of the other.

use core::iter::FusedIterator;

use super::Change;
use super::identity::Partners;
use crate::graph::{Graph, Statement};
use crate::report::Summary;
use crate::report::groups::outermost_around;

/// Goes through the statements of both networks side by side.
#[derive(Clone, Debug)]
pub(super) struct Pairing {
    before: Summary,
    after: Summary,
    /// The next statement of each.
    next: (usize, usize),
    /// The statements of the second network that those of the first are, and the other
    /// way round: those of some statements at a time, found anew when others are asked.
    partners: Partners,
    origins: Partners,
}

impl Pairing {
    pub(super) const fn new(before: Summary, after: Summary) -> Self {
        Self {
            before,
            after,
            next: (0, 0),
            partners: Partners::NONE,
            origins: Partners::NONE,
        }
    }

    /// The statement of the second network that is `index` of the first.
    fn partner(&mut self, index: usize) -> Option<usize> {
        self.partners.of(index, &self.before, &self.after)
    }

    /// The statement of the first network that is `index` of the second.
    fn origin(&mut self, index: usize) -> Option<usize> {
        self.origins.of(index, &self.after, &self.before)
    }

    /// The first statement from `index` on that is shown.
    fn shown(summary: &Summary, index: usize) -> usize {
        let statements = summary.graph().statements();
        (index..statements.len())
            .find(|&i| summary.shows(&statements[i]))
            .unwrap_or(statements.len())
    }
}

impl Iterator for Pairing {
    type Item = (Change, Option<usize>, Option<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let old = Self::shown(&self.before, self.next.0);
            let new = Self::shown(&self.after, self.next.1);
            let (before, after) = (self.before.graph(), self.after.graph());
            if old < before.statements().len() && self.partner(old).is_none() {
                self.next = (behind(before, old), new);
                return Some((Change::Removed, Some(old), None));
            }
            if new >= after.statements().len() {
                // What is left of the first network was met in the second.
                self.next.0 = Self::shown(&self.before, old + 1);
                if old >= before.statements().len() {
                    return None;
                }
                continue;
            }
            let Some(origin) = self.origin(new) else {
                self.next = (old, behind(after, new));
                return Some((Change::Added, None, Some(new)));
            };
            // A statement of the first network is passed when its partner is.
            let passed = if origin == old { old + 1 } else { old };
            let equal = is_same(before, origin, after, new);
            if equal {
                let passed = if origin == old {
                    behind(before, old)
                } else {
                    old
                };
                self.next = (passed, behind(after, new));
                return Some((Change::Same, Some(origin), Some(new)));
            }
            self.next = (passed, new + 1);
            return Some((Change::Changed, Some(origin), Some(new)));
        }
    }
}

impl FusedIterator for Pairing {}

/// The statement after `index` and all that it contains.
fn behind(graph: &Graph, index: usize) -> usize {
    let statements = graph.statements();
    let depth = statements[index].depth;
    let inside = statements[index + 1..].iter();
    index + 1 + inside.take_while(|inside| inside.depth > depth).count()
}

/// Whether two statements hold the same layers on the same values.
fn is_same(a: &'static Graph, i: usize, b: &'static Graph, j: usize) -> bool {
    let (x, y) = (&a.statements()[i], &b.statements()[j]);
    let ends = a.values()[x.input] == b.values()[y.input]
        && a.values()[x.output] == b.values()[y.output]
        && x.copies == y.copies;
    let (first, second) = (
        &a.nodes()[x.nodes.0..x.nodes.1],
        &b.nodes()[y.nodes.0..y.nodes.1],
    );
    ends && first.len() == second.len()
        && first.iter().zip(second).all(|(one, other)| {
            one.layer == other.layer
                && one.counts == other.counts
                && one.inputs.len() == other.inputs.len()
                && one.inputs.iter().zip(other.inputs).all(|(&u, &v)| {
                    let (p, q) = (first[0].output, second[0].output);
                    match (u.checked_sub(p), v.checked_sub(q)) {
                        (Some(u), Some(v)) => u == v,
                        (None, None) => alike(a, x, u, b, y, v),
                        _ => false,
                    }
                })
        })
}

/// Whether two values from outside of the statements `x` and `y` are the same:
/// what flows in, or values of one shape that have no different names.
fn alike(
    a: &'static Graph,
    x: &Statement,
    u: usize,
    b: &'static Graph,
    y: &Statement,
    v: usize,
) -> bool {
    if u == x.input && v == y.input {
        return true;
    }
    let names = match (name_of(a, u), name_of(b, v)) {
        (Some(one), Some(other)) => one == other,
        _ => true,
    };
    names && a.values()[u] == b.values()[v]
}

/// The input or the label that a value is called by.
fn name_of(graph: &'static Graph, value: usize) -> Option<&'static str> {
    if let Some(name) = graph.inputs().get(value) {
        return Some(name);
    }
    let node = graph.producer(value)?;
    outermost_around(graph, node)
        .filter(|(_, statement)| statement.output == value)
        .find(|(_, statement)| !statement.label.is_empty())
        .map(|(_, statement)| statement.label)
}
