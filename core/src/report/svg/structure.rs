//! The structure of a part of a network, read off its connections: what stands
//! in a row, what stands side by side, what is repeated.

use crate::catalogue::FAMILIES;
use crate::report::svg::View;

/// The most branches that are drawn side by side.
pub(super) const MOST_BRANCHES: usize = 6;

/// Layers `first..end` that the value `enter` goes into.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) first: usize,
    pub(super) end: usize,
    pub(super) enter: usize,
}

/// Ways side by side and the layer that joins them, the last of the part.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parallel {
    /// Where each branch ends; the first begins with the part.
    pub(super) ends: [usize; MOST_BRANCHES],
    /// How many branches there are.
    pub(super) branches: usize,
    /// Whether what enters goes to the join as it is, too.
    pub(super) skip: bool,
}

impl Part {
    pub(super) fn layers(self) -> usize {
        self.end - self.first
    }

    /// The first value that is made in the part.
    fn least(self, view: &dyn View) -> usize {
        view.layer(self.first).output
    }

    /// The part's beginning after which all that flows is the result of its
    /// last layer; the whole part where there is no other.
    pub(super) fn segment(self, view: &dyn View) -> usize {
        let mut i = self.first;
        // The last layer that reads something from before the layer `i`.
        let mut reach = self.last_reader(view, |value| value == self.enter);
        while i + 1 < self.end {
            let made = view.layer(i);
            // Of several results only one could flow on.
            if reach <= i && made.results == 1 {
                break;
            }
            let of_this = |value| value >= made.output && value < made.output + made.results;
            reach = reach.max(self.last_reader(view, of_this));
            i += 1;
        }
        i + 1
    }

    fn last_reader(self, view: &dyn View, of: impl Fn(usize) -> bool) -> usize {
        let reads = |index: &usize| view.layer(*index).inputs.iter().any(|value| of(*value));
        (self.first..self.end)
            .rev()
            .find(reads)
            .unwrap_or(self.first)
    }

    /// The part's beginning that is drawn as one: a segment and the
    /// normalisations, activations and the like that follow it.
    pub(super) fn unit(self, view: &dyn View) -> usize {
        let mut end = self.segment(view);
        while end < self.end && follows(view, end) && self.after(view, end).segment(view) == end + 1
        {
            end += 1;
        }
        end
    }

    /// What is left of the part from the layer `first` on.
    pub(super) fn after(self, view: &dyn View, first: usize) -> Self {
        let enter = match first.checked_sub(1) {
            Some(before) if first > self.first => view.layer(before).output,
            _ => self.enter,
        };
        Self {
            first,
            enter,
            ..self
        }
    }

    pub(super) fn until(self, end: usize) -> Self {
        Self { end, ..self }
    }

    /// The layers that are repeated directly from the beginning of the part on,
    /// and how many times they stand there.
    pub(super) fn repeated(self, view: &dyn View) -> Option<(usize, usize)> {
        let mut best = None;
        let mut saved = 0;
        let mut end = self.unit(view);
        while end < self.end && (end - self.first) * 2 <= self.layers() {
            let period = end - self.first;
            let mut times = 1;
            while self.first + (times + 1) * period <= self.end
                && self.same(view, period, times, true)
            {
                times += 1;
            }
            if times > 1 && (times - 1) * period > saved {
                saved = (times - 1) * period;
                best = Some((period, times));
            }
            end = self.after(view, end).unit(view);
        }
        best
    }

    /// Whether the part is `copies` times the same structure, and where that is
    /// asked for with the same arguments.
    pub(super) fn is_copies(self, view: &dyn View, copies: usize, arguments: bool) -> bool {
        copies > 1
            && self.layers() >= copies
            && self.layers().is_multiple_of(copies)
            && (1..copies).all(|copy| self.same(view, self.layers() / copies, copy, arguments))
    }

    /// Whether the `copy`th period is as the first: the same layers, connected
    /// in the same way, and where that is asked for with the same arguments.
    fn same(self, view: &dyn View, period: usize, copy: usize, arguments: bool) -> bool {
        let start = self.first + copy * period;
        let enter = view.layer(start - 1).output;
        let (least, shifted) = (self.least(view), view.layer(start).output);
        (0..period).all(|i| {
            let (a, b) = (view.layer(self.first + i), view.layer(start + i));
            a.entry.name == b.entry.name
                && a.inputs.len() == b.inputs.len()
                && (!arguments || a.arguments == b.arguments)
                && a.inputs.iter().zip(b.inputs).all(|(a, b)| {
                    if *a >= least {
                        b.checked_sub(shifted) == Some(a - least)
                    } else if *a == self.enter {
                        *b == enter
                    } else {
                        *b < shifted
                    }
                })
        })
    }

    /// Whether two parts are the same layers, connected in the same way.
    pub(super) fn alike(self, view: &dyn View, other: Self) -> bool {
        let (own, others) = (self.least(view), other.least(view));
        self.layers() == other.layers()
            && (0..self.layers()).all(|i| {
                let (a, b) = (view.layer(self.first + i), view.layer(other.first + i));
                let pairs = || a.inputs.iter().zip(b.inputs);
                a.entry.name == b.entry.name
                    && a.inputs.len() == b.inputs.len()
                    && pairs().all(|(a, b)| a.checked_sub(own) == b.checked_sub(others))
            })
    }

    /// The ways side by side, where the part is a join of such.
    pub(super) fn parallel(self, view: &dyn View) -> Option<Parallel> {
        let join = self.end.checked_sub(1).filter(|join| *join > self.first)?;
        let least = self.least(view);
        let joined = view.layer(join).inputs;
        let mut found = Parallel {
            ends: [0; MOST_BRANCHES],
            branches: 0,
            skip: joined.contains(&self.enter),
        };
        // The first value of the branch.
        let mut own = least;
        for i in self.first..join {
            let layer = view.layer(i);
            let inside = || layer.inputs.iter().filter(|value| **value >= least);
            if i == self.first || inside().next().is_none() {
                if i > self.first {
                    found.close(view, i, joined)?;
                }
                own = layer.output;
            } else if inside().any(|value| *value < own) {
                return None;
            }
        }
        found.close(view, join, joined)?;
        Some(found)
    }
}

impl Parallel {
    /// Ends a branch before the layer `end`; nothing when its result is not
    /// joined.
    fn close(&mut self, view: &dyn View, end: usize, joined: &[usize]) -> Option<()> {
        let last = view.layer(end - 1);
        let joins = joined
            .iter()
            .any(|value| *value >= last.output && *value < last.output + last.results);
        *self.ends.get_mut(self.branches)? = end;
        self.branches += 1;
        joins.then_some(())
    }
}

/// The place of a layer's family among all.
pub(super) fn family(view: &dyn View, layer: usize) -> usize {
    let name = view.layer(layer).entry.name;
    let has = |family: &crate::catalogue::Family| family.entries.iter().any(|e| e.name == name);
    FAMILIES.iter().position(has).unwrap_or(0)
}

/// Whether a layer is drawn with the one before it.
fn follows(view: &dyn View, layer: usize) -> bool {
    let family = FAMILIES[family(view, layer)].name;
    ["normalisation", "activation", "regularisation"]
        .iter()
        .any(|small| family.eq_ignore_ascii_case(small))
}
