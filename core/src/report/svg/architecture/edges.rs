//! What connects the cards: steps from one to the next, arcs that go by.

use core::fmt;

use super::{INPUTS, Layout, MIDDLE};
use crate::report::svg::Card;
use crate::report::svg::card::RIGHT;
use crate::report::svg::pen::{Out, text};

/// Arcs that are drawn at most, and how many lie side by side.
const MOST_ARCS: usize = 64;
const LANES: usize = 5;

/// A connection that passes by at least one card.
#[derive(Clone, Copy, Debug, Default)]
struct Arc {
    from: usize,
    to: usize,
    lane: usize,
}

impl Layout<'_, '_> {
    /// All connections.
    pub(super) fn write_edges(&self, out: Out<'_>) -> fmt::Result {
        let mut arcs = [Arc::default(); MOST_ARCS];
        let mut count = 0;
        let mut before: Option<usize> = None;
        let mut sees = None;
        for place in (0..self.shown).filter(|place| !self.places[*place].group) {
            let card = self.card(place);
            let top = self.places[place].top;
            let reads = self.reads(&card);
            for (source, value, values) in reads.list() {
                if source != before {
                    let arcs = (&mut arcs, &mut count);
                    self.write_arc((source, value, values), top + 12, arcs, out)?;
                    continue;
                }
                let flows = self.source(card.input) == before;
                let value = if flows { card.input } else { value };
                let field = self.view.sees(value);
                self.write_step(value, self.bottom(source), top, out)?;
                if values > 1 {
                    let more = format_args!("+ {} values", values - 1);
                    text("z", (RIGHT - 2, top - 11), 16, &more, out)?;
                }
                let told = sees == Some(field) || source.is_none() || !self.detailed();
                if !field.is_empty() && !told {
                    sees = Some(field);
                    let field = format_args!("sees {field}");
                    text("z", (MIDDLE - 8, top - 11), 26, &field, out)?;
                }
            }
            before = Some(place);
        }
        for i in 0..self.view.outputs() {
            let (_, value) = self.view.output(i);
            let source = self.source(value);
            if source == before {
                self.write_step(value, self.bottom(source), self.outputs, out)?;
            } else {
                self.write_arc(
                    (source, value, 1),
                    self.outputs + 10,
                    (&mut arcs, &mut count),
                    out,
                )?;
            }
        }
        Ok(())
    }

    /// The flow from one card to the next, and its shape.
    fn write_step(&self, value: usize, from: usize, to: usize, out: Out<'_>) -> fmt::Result {
        let shape = self.view.shape(value);
        write!(
            out,
            "<path class=\"e{}\" d=\"M{MIDDLE} {from}V{to}\"/>",
            thickness(shape.checked_elements().unwrap_or(u64::MAX))
        )?;
        // Shapes that stay as they are take room in a long drawing.
        let stays = from > INPUTS && to < self.outputs && self.unchanged(value);
        if stays && !self.detailed() {
            return Ok(());
        }
        text("n", (MIDDLE + 10, to - 11), 24, &shape, out)
    }

    /// A connection that goes by on the right.
    fn write_arc(
        &self,
        (source, value, values): (Option<usize>, usize, usize),
        to: usize,
        (arcs, count): (&mut [Arc; MOST_ARCS], &mut usize),
        out: Out<'_>,
    ) -> fmt::Result {
        let from = self.bottom(source) - 12;
        let taken = &arcs[..*count];
        let free = |lane: &usize| {
            let meets = |arc: &Arc| arc.lane == *lane && arc.from < to + 4 && from < arc.to + 4;
            !taken.iter().any(meets)
        };
        let lane = (0..LANES).find(free).unwrap_or(LANES - 1);
        if let Some(arc) = arcs.get_mut(*count) {
            *arc = Arc { from, to, lane };
            *count += 1;
        }
        let start = if source.is_some() { RIGHT } else { RIGHT - 10 };
        let x = RIGHT + 12 + lane * 8;
        write!(
            out,
            "<path class=\"a\" d=\"M{start} {from}H{}q6 0 6 6V{}q0 6 -6 6H{}\"/>\
             <path class=\"h\" d=\"M{RIGHT} {to}l8 -4v8z\"/>",
            x - 6,
            to - 6,
            RIGHT + 6
        )?;
        let shape = self.view.shape(value);
        let label = fmt::from_fn(|f| match values {
            1 => write!(f, "+ {shape}"),
            _ => write!(f, "+ {values} values"),
        });
        text("z", (RIGHT - 2, to - 23), 16, &label, out)
    }

    /// What a card reads from outside.
    fn reads(&self, card: &Card<'_>) -> Reads {
        let mut reads = Reads::default();
        let (first, end) = card.layers;
        if first >= end {
            reads.add(self.source(card.input), card.input);
            return reads;
        }
        let least = self.view.layer(first).output;
        for i in first..end {
            for value in self.view.layer(i).inputs {
                let again = (first..i).any(|i| self.view.layer(i).inputs.contains(value));
                if *value < least && !again {
                    reads.add(self.source(*value), *value);
                }
            }
        }
        reads
    }

    /// Which place a value comes from; `None` for an input.
    fn source(&self, value: usize) -> Option<usize> {
        let makes = |place: &usize| {
            let (first, end) = self.card(*place).layers;
            !self.places[*place].group && first < end && {
                let last = self.view.layer(end - 1);
                (self.view.layer(first).output..last.output + last.results).contains(&value)
            }
        };
        (0..self.shown).find(makes)
    }

    /// Where a source ends.
    fn bottom(&self, source: Option<usize>) -> usize {
        source.map_or(INPUTS - 4, |place| self.places[place].bottom)
    }

    /// Whether a layer that makes a value leaves the shape as it was.
    fn unchanged(&self, value: usize) -> bool {
        let Some(place) = self.source(value) else {
            return false;
        };
        let card = self.card(place);
        self.view.shape(card.input) == self.view.shape(value)
    }
}

/// From which cards a card reads.
#[derive(Default)]
struct Reads {
    /// The card, the last value read from it, and how many.
    list: [Option<(Option<usize>, usize, usize)>; 8],
    len: usize,
}

impl Reads {
    fn add(&mut self, source: Option<usize>, value: usize) {
        let known = self.list[..self.len].iter_mut().flatten();
        for (from, last, values) in known {
            if *from == source {
                *values += usize::from(*last != value);
                *last = value;
                return;
            }
        }
        if let Some(free) = self.list.get_mut(self.len) {
            *free = Some((source, value, 1));
            self.len += 1;
        }
    }

    fn list(&self) -> impl Iterator<Item = (Option<usize>, usize, usize)> + '_ {
        self.list.iter().flatten().copied()
    }
}

/// How thick the flow of so many elements is drawn.
fn thickness(elements: u64) -> u32 {
    (elements.checked_ilog2().unwrap_or(0) / 2).clamp(2, 10) - 1
}
