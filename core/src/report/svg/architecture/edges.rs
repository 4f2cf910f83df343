//! What connects the cards: steps from one to the next, arcs that go by.

use core::fmt;

use super::reads::{Link, Source};
use super::{END, End, INPUTS, Layout, MIDDLE};
use crate::report::svg::card::RIGHT;
use crate::report::svg::pen::{Out, text};
use crate::report::svg::shape;

/// Arcs that are drawn at most, and how many lie side by side.
const MOST_ARCS: usize = 64;
const LANES: usize = 5;
/// Between one line of text above a card and the next.
const LINE: usize = 11;
/// Between one arc below the inputs, or above the outputs, and the next.
const LEVEL: usize = 6;

/// A connection that passes by at least one card.
#[derive(Clone, Copy, Debug, Default)]
struct Arc {
    from: usize,
    to: usize,
    lane: usize,
}

/// The arcs that are drawn.
struct Arcs {
    list: [Arc; MOST_ARCS],
    count: usize,
}

impl Arcs {
    /// The place of an arc on the right, where there is one that is free.
    fn lane(&mut self, from: usize, to: usize) -> usize {
        let taken = &self.list[..self.count];
        let free = |lane: &usize| {
            let meets = |arc: &Arc| arc.lane == *lane && arc.from < to + 4 && from < arc.to + 4;
            !taken.iter().any(meets)
        };
        let lane = (0..LANES).find(free).unwrap_or(LANES - 1);
        if let Some(arc) = self.list.get_mut(self.count) {
            *arc = Arc { from, to, lane };
            self.count += 1;
        }
        lane
    }
}

impl Layout<'_, '_> {
    /// How much room the arcs from inputs take that pass by others.
    pub(super) fn room_below_inputs(&self) -> usize {
        let inputs = self.view.inputs();
        let passed = (0..inputs.saturating_sub(1)).filter(|input| self.passes_by(*input));
        LEVEL * passed.count()
    }

    /// How much more room there has to be above a card for the lines that name its
    /// arcs: the line above it, where the shape of what flows does not stand there, has
    /// its room.
    pub(super) fn room_above(&self, place: usize) -> usize {
        let entering = self.entering(place);
        let free = usize::from(entering.steps().next().is_none());
        LINE * entering.sides().count().saturating_sub(free)
    }

    /// How much room the arcs to outputs take.
    pub(super) fn room_above_outputs(&self) -> usize {
        let outputs = 0..self.view.outputs();
        LEVEL * outputs.filter(|output| self.passed_by(*output)).count()
    }

    /// Whether anything but the first card reads an input.
    fn passes_by(&self, input: usize) -> bool {
        let source = Source::Input(input);
        let mut outputs = 0..self.view.outputs();
        let mut cards = (0..self.shown).filter(|place| !self.places[*place].group);
        cards.any(|place| {
            let entering = self.entering(place);
            let mut sides = entering.sides();
            sides.any(|link| link.source == source)
        }) || outputs.any(|output| self.passed_by(output) && self.left_by(output) == source)
    }

    /// Whether an output comes from elsewhere than the last card.
    fn passed_by(&self, output: usize) -> bool {
        self.last() != self.left_by(output)
    }

    /// Where an output comes from.
    fn left_by(&self, output: usize) -> Source {
        self.source(self.view.output(output).1)
    }

    /// The last card; without any, the first input.
    fn last(&self) -> Source {
        let last = (0..self.shown).rfind(|place| !self.places[*place].group);
        last.map_or(Source::Input(0), Source::Card)
    }

    /// All connections.
    pub(super) fn write_edges(&self, out: Out<'_>) -> fmt::Result {
        let mut arcs = Arcs {
            list: [Arc::default(); MOST_ARCS],
            count: 0,
        };
        let mut sees = None;
        for place in (0..self.shown).filter(|place| !self.places[*place].group) {
            let top = self.places[place].top;
            let entering = self.entering(place);
            let steps = entering.steps().count();
            for link in entering.steps() {
                self.write_step(link, (place, steps > 1), out)?;
                let field = self.view.sees(link.value);
                let seen = field.as_slice().iter().all(|extent| *extent > 0);
                let told = sees == Some(field) || link.source.is_input() || !self.detailed();
                if !field.is_empty() && seen && !told {
                    sees = Some(field);
                    let field = fmt::from_fn(|f| match self.view.inputs() {
                        1 => write!(f, "sees {field}"),
                        _ => write!(f, "sees {field} of {}", self.view.input(0)),
                    });
                    text("z", (MIDDLE - 8, top - 11), 30, &field, out)?;
                }
            }
            let sides = entering.sides().count();
            // Each arrow has its place on the side of the card.
            let height = self.places[place].bottom - top;
            let step = (height.saturating_sub(22) / sides.max(2)).min(10);
            for (i, link) in entering.sides().enumerate() {
                let to = top + 12 + i * step;
                let down = self.write_start(link.source, to, &mut arcs, out)?;
                write!(
                    out,
                    "V{}q0 6 -6 6H{}\"/><path class=\"h\" d=\"M{RIGHT} {to}l8 -4v8z\"/>",
                    (to - 6).max(down),
                    RIGHT + 6
                )?;
                let line = sides - 1 - i + steps.min(1);
                let at = (RIGHT - 2, top - 11 - line * LINE);
                text("z", at, 32, &self.named(link), out)?;
            }
        }
        self.write_outputs(&mut arcs, out)
    }

    /// What stands above a card for an arc into it: what is read, and from where.
    fn named(&self, link: Link) -> impl fmt::Display + '_ {
        fmt::from_fn(move |f| {
            let label = match link.source {
                Source::Input(input) => self.view.input(input),
                Source::Card(place) => self.card(place).label,
            };
            match link.values {
                1 => write!(f, "+ {}", shape(self.view, link.value))?,
                values => write!(f, "+ {values} values")?,
            }
            match label {
                "" => Ok(()),
                label => write!(f, " from {label}"),
            }
        })
    }

    /// The flow from one card, or the inputs, to the next, and its shape.
    fn write_step(&self, link: Link, (place, several): (usize, bool), out: Out<'_>) -> fmt::Result {
        let to = self.places[place].top;
        let thickness = self.thickness(link.value);
        let Source::Input(input) = link.source else {
            let from = self.bottom(link.source);
            write!(
                out,
                "<path class=\"e{thickness}\" d=\"M{MIDDLE} {from}V{to}\"/>"
            )?;
            return self.write_flow(link, to, out);
        };
        let x = End::of(input, self.view.inputs()).x;
        write!(out, "<path class=\"e{thickness}\" d=\"M{x} {INPUTS}")?;
        // Several inputs stay side by side, where nothing stands in their way.
        if (several && self.places[place].parent.is_none()) || x == MIDDLE {
            write!(out, "V{to}\"/>")?;
        } else {
            write!(out, "V{}H{MIDDLE}V{to}\"/>", self.inputs + 6)?;
        }
        if several {
            return Ok(());
        }
        self.write_flow(link, to, out)
    }

    /// The shape of what flows into a card.
    fn write_flow(&self, link: Link, to: usize, out: Out<'_>) -> fmt::Result {
        // Shapes that stay as they are take room in a long drawing.
        let stays = !link.source.is_input() && self.unchanged(link);
        if stays && !self.detailed() {
            return Ok(());
        }
        let shape = shape(self.view, link.value);
        text("n", (MIDDLE + 10, to - 11), 24, &shape, out)
    }

    /// Begins an arc: from its source to the right, and into its lane. Gives how far
    /// down it is there.
    fn write_start(
        &self,
        source: Source,
        to: usize,
        arcs: &mut Arcs,
        out: Out<'_>,
    ) -> Result<usize, fmt::Error> {
        let inputs = self.view.inputs();
        let last_input = |input: usize| input + 1 == inputs;
        let (from, start) = match source {
            Source::Card(_) => (self.bottom(source) - 12, RIGHT),
            Source::Input(input) => {
                let end = End::of(input, inputs);
                if last_input(input) {
                    (INPUTS - END / 2, end.left() + end.width)
                } else {
                    // The further to the right, the higher up: so they do not cross.
                    let after = input + 1..inputs.saturating_sub(1);
                    let above = after.filter(|input| self.passes_by(*input)).count();
                    (INPUTS + 4 + above * LEVEL, end.x + 8)
                }
            }
        };
        let lane = arcs.lane(from, to);
        write!(out, "<path class=\"a\" d=\"M{start} ")?;
        let from = match source {
            // Those that leave a card at one place leave it one above the other.
            Source::Card(place) => (from - lane * 4).max(self.places[place].top + 8),
            Source::Input(_) => from,
        };
        match source {
            Source::Input(input) if !last_input(input) => write!(out, "{INPUTS}V{from}")?,
            _ => write!(out, "{from}")?,
        }
        write!(out, "H{}q6 0 6 6", RIGHT + 6 + lane * 8)?;
        Ok(from + 6)
    }

    /// What leads to the outputs.
    fn write_outputs(&self, arcs: &mut Arcs, out: Out<'_>) -> fmt::Result {
        let outputs = self.view.outputs();
        let to = self.outputs;
        let mut level = to - 8 - self.room_above_outputs();
        for output in 0..outputs {
            let (source, value) = (self.left_by(output), self.view.output(output).1);
            let x = End::of(output, outputs).x;
            if self.passed_by(output) {
                // The further to the left, the higher up: so they do not cross.
                let down = self.write_start(source, level, arcs, out)?;
                write!(
                    out,
                    "V{}q0 6 -6 6H{x}V{}\"/><path class=\"h\" d=\"M{x} {to}l-4 -8h8z\"/>",
                    (level - 6).max(down),
                    to - 6
                )?;
                level += LEVEL;
                continue;
            }
            let from = self.bottom(source);
            let thickness = self.thickness(value);
            let start = match source {
                Source::Input(input) => End::of(input, self.view.inputs()).x,
                Source::Card(_) => MIDDLE,
            };
            write!(out, "<path class=\"e{thickness}\" d=\"M{start} {from}")?;
            if x == start {
                write!(out, "V{to}\"/>")?;
            } else {
                write!(out, "V{}H{x}V{to}\"/>", from + 10)?;
            }
            if outputs == 1 {
                let shape = shape(self.view, value);
                text("n", (MIDDLE + 10, to - 11), 24, &shape, out)?;
            }
        }
        Ok(())
    }

    /// Where a source ends.
    fn bottom(&self, source: Source) -> usize {
        match source {
            Source::Input(_) => INPUTS,
            Source::Card(place) => self.places[place].bottom,
        }
    }

    /// Whether a layer that makes a value leaves the shape as it was.
    fn unchanged(&self, link: Link) -> bool {
        let Source::Card(place) = link.source else {
            return false;
        };
        let card = self.card(place);
        self.view.shape(card.input) == self.view.shape(link.value)
    }

    /// How thick the flow of a value is drawn.
    fn thickness(&self, value: usize) -> u32 {
        let elements = self.view.shape(value).checked_elements();
        let elements = elements.unwrap_or(u64::MAX);
        (elements.checked_ilog2().unwrap_or(0) / 2).clamp(2, 10) - 1
    }
}
