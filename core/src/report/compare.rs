//! What is different between two networks.

use core::iter::FusedIterator;

use crate::graph::Graph;
use crate::report::Summary;
use crate::report::row::{Row, Rows};

mod identity;
mod markdown;
mod pairing;
mod table;
mod totals;

pub use markdown::ComparisonMarkdown;
use pairing::Pairing;

/// What changed from one network to another; made by [`compare`](crate::network::compare).
///
/// `Display` writes two tables for the terminal: the statements that are
/// different, as they were (`-`) and as they are (`+`), and the totals of both
/// networks. [`markdown`](Self::markdown) writes the same as Markdown.
///
/// Statements are matched by their labels. One without a label is matched by its
/// place: it is the second after `conv1` in both, say. Matched statements are the
/// same when the layers in them, their inputs and their outputs are.
///
/// ```
/// use shapewise_core::report::{Change, Comparison};
/// use shapewise_core::{Graph, Shape, graph};
///
/// # static TRACE: graph::Trace<0, 1> = graph::trace(&[Shape::new(&[10])], &[]);
/// # static IDENTITY: Graph =
/// #     Graph::new("Identity", graph::DType::F32, &["x"], &TRACE, &[("y", 0)]);
/// # const GRAPH: &Graph = &IDENTITY;
/// const COMPARISON: Comparison = Comparison::new(GRAPH, GRAPH).width(80);
/// assert!(COMPARISON.differences().all(|difference| difference.change == Change::Same));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Comparison {
    before: Summary,
    after: Summary,
    /// The columns of the terminal, where they were said.
    pub(super) width: Option<usize>,
    colours: bool,
    same: bool,
}

/// What became of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is in both networks and the same.
    Same,
    /// It is in both networks and different.
    Changed,
    /// It is in the second network only.
    Added,
    /// It is in the first network only.
    Removed,
}

/// A statement of two networks, or of one of them: one of
/// [`Comparison::differences`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Difference {
    /// What became of the statement.
    pub change: Change,
    /// The statement in the first network.
    pub before: Option<Row>,
    /// The statement in the second network.
    pub after: Option<Row>,
}

impl Comparison {
    /// The comparison of two graphs: groups opened once, at most 100 columns wide,
    /// only what is different.
    #[must_use]
    pub const fn new(before: &'static Graph, after: &'static Graph) -> Self {
        Self {
            before: Summary::new(before).depth(2),
            after: Summary::new(after).depth(2),
            width: None,
            colours: false,
            same: false,
        }
    }

    /// The comparison with groups opened to this depth; 1 compares the statements
    /// of the networks' own bodies, 2 also those directly in their groups.
    #[must_use]
    pub const fn depth(mut self, depth: usize) -> Self {
        self.before = self.before.depth(depth);
        self.after = self.after.depth(depth);
        self
    }

    /// The table in a terminal of this many columns (no less than 60; 100 where nothing
    /// is said): long units are cut, names broken over several lines.
    #[must_use]
    pub const fn width(mut self, width: usize) -> Self {
        self.width = Some(if width < 60 { 60 } else { width });
        self
    }

    /// The table with or without the colours of a terminal, as ANSI's escape sequences;
    /// without them when nothing is said.
    #[must_use]
    pub const fn colours(mut self, on: bool) -> Self {
        self.colours = on;
        self
    }

    /// How wide the table may be.
    const fn most(&self) -> usize {
        match self.width {
            Some(width) => width,
            None => 100,
        }
    }

    /// The comparison with or without a row for each statement that is the same;
    /// without them when nothing is said.
    #[must_use]
    pub const fn same(mut self, on: bool) -> Self {
        self.same = on;
        self
    }

    /// The comparison as Markdown.
    #[must_use]
    pub const fn markdown(&self) -> ComparisonMarkdown {
        ComparisonMarkdown(*self)
    }

    /// The statements of both networks, in the order of the second, what was
    /// removed where it stood. What is inside a group follows it only where the
    /// group is in both networks and changed.
    ///
    /// # Panics
    ///
    /// As [`Graph::counts`], when a sum does not fit 64 bits; that of no network
    /// made by the macro does.
    #[must_use]
    pub fn differences(&self) -> Differences {
        Differences {
            pairing: Pairing::new(self.before, self.after),
            before: Rows::new(self.before),
            after: Rows::new(self.after),
        }
    }

    /// The statements to show.
    fn shown(&self) -> impl Iterator<Item = Difference> {
        let same = self.same;
        let differences = self.differences();
        differences.filter(move |difference| same || difference.change != Change::Same)
    }

    /// How many statements are the same.
    fn unchanged(&self) -> usize {
        let differences = self.differences();
        differences.filter(|one| one.change == Change::Same).count()
    }
}

/// The statements of a [`Comparison`].
#[derive(Clone, Debug)]
pub struct Differences {
    pairing: Pairing,
    before: Rows,
    after: Rows,
}

impl Iterator for Differences {
    type Item = Difference;

    fn next(&mut self) -> Option<Difference> {
        let (change, before, after) = self.pairing.next()?;
        Some(Difference {
            change,
            before: before.map(|index| self.before.statement_row(index)),
            after: after.map(|index| self.after.statement_row(index)),
        })
    }
}

impl FusedIterator for Differences {}

impl Difference {
    /// The lines of the difference in a table: what stands before them, and the
    /// row. What is the same is one line.
    fn lines(&self) -> impl Iterator<Item = (&'static str, Row)> {
        let (first, second) = match self.change {
            Change::Same => (None, self.after),
            _ => (self.before, self.after),
        };
        let mark = if self.change == Change::Same {
            " "
        } else {
            "+"
        };
        let first = first.map(|row| ("-", row));
        first.into_iter().chain(second.map(|row| (mark, row)))
    }
}
