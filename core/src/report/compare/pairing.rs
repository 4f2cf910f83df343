//! Which statement of one network is which of the other.

use core::iter::FusedIterator;

use super::Change;
use crate::graph::{Graph, Statement};
use crate::report::Summary;
use crate::report::groups::parent;

/// Goes through the statements of both networks side by side.
#[derive(Clone, Debug)]
pub(super) struct Pairing {
    before: Summary,
    after: Summary,
    /// The next statement of each.
    next: (usize, usize),
}

impl Pairing {
    pub(super) const fn new(before: Summary, after: Summary) -> Self {
        Self {
            before,
            after,
            next: (0, 0),
        }
    }

    /// The statement of the second network that is `index` of the first.
    fn partner(&self, index: usize) -> Option<usize> {
        let (before, after) = (self.before.graph(), self.after.graph());
        (0..after.statements().len())
            .find(|&other| self.shows(&self.after, other) && matches(before, index, after, other))
    }

    /// The statement of the first network that is `index` of the second.
    fn origin(&self, index: usize) -> Option<usize> {
        let (before, after) = (self.before.graph(), self.after.graph());
        (0..before.statements().len())
            .find(|&other| self.shows(&self.before, other) && matches(before, other, after, index))
    }

    fn shows(&self, summary: &Summary, index: usize) -> bool {
        summary.shows(&summary.graph().statements()[index])
    }

    /// The first statement from `index` on that is shown.
    fn shown(&self, summary: &Summary, index: usize) -> usize {
        let end = summary.graph().statements().len();
        (index..end)
            .find(|&i| self.shows(summary, i))
            .unwrap_or(end)
    }
}

impl Iterator for Pairing {
    type Item = (Change, Option<usize>, Option<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let old = self.shown(&self.before, self.next.0);
            let new = self.shown(&self.after, self.next.1);
            let (before, after) = (self.before.graph(), self.after.graph());
            if old < before.statements().len() && self.partner(old).is_none() {
                self.next = (behind(before, old), new);
                return Some((Change::Removed, Some(old), None));
            }
            if new >= after.statements().len() {
                // What is left of the first network was met in the second.
                self.next.0 = self.shown(&self.before, old + 1);
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

/// Whether two statements stand at the same place: in groups that do, with the
/// same label, or equally far after one with the same label.
fn matches(a: &'static Graph, i: usize, b: &'static Graph, j: usize) -> bool {
    let groups = match (parent(a, i), parent(b, j)) {
        (None, None) => true,
        (Some(x), Some(y)) => matches(a, x, b, y),
        _ => false,
    };
    let ((x, before_x), (y, before_y)) = (anchor(a, i), anchor(b, j));
    groups && x == y && before_x == before_y
}

/// The last label of a statement's body up to the statement itself, without that
/// of the group around it, and how many statements later it stands.
fn anchor(graph: &'static Graph, index: usize) -> (&'static str, usize) {
    let statements = graph.statements();
    let depth = statements[index].depth;
    let mut after = 0;
    for statement in statements[..=index].iter().rev() {
        if statement.depth > depth {
            continue;
        }
        if statement.depth < depth {
            return ("", after);
        }
        if !statement.label.is_empty() {
            return (own_label(statement), after);
        }
        after += 1;
    }
    ("", after)
}

/// The last segment of the statement's label.
fn own_label(statement: &Statement) -> &'static str {
    let label = statement.label;
    label.rsplit('.').next().unwrap_or(label)
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
fn alike(a: &Graph, x: &Statement, u: usize, b: &Graph, y: &Statement, v: usize) -> bool {
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
fn name_of(graph: &Graph, value: usize) -> Option<&'static str> {
    if let Some(name) = graph.inputs().get(value) {
        return Some(name);
    }
    let statements = graph.statements().iter();
    let mut made = statements
        .filter(|statement| statement.output == value && statement.nodes.0 < statement.nodes.1);
    made.find(|statement| !statement.label.is_empty())
        .map(|statement| statement.label)
}
