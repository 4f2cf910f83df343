//! The drawing as a whole: cards from top to bottom, and their groups.

mod edges;
mod reads;

use core::fmt;

use super::card::{self, Manner, RIGHT, Whole};
use super::pen::{Nowhere, Out, escaped, text};
use super::style::STYLE;
use super::{Architecture, Card, Cost, View, shape};
use crate::analysis::with_places;
use crate::graph::Form;
use crate::number::{Grouped, Si};
use crate::report::writers::width_of;

/// The width of the drawing.
pub(super) const WIDTH: usize = 400;
/// Between one card and the next.
const GAP: usize = 30;
/// Where the flow goes down.
const MIDDLE: usize = 180;
/// Cards that are drawn at most.
const MOST: usize = 256;
/// With more cards than this, what is inside of them is not drawn.
const MOST_DETAILED: usize = 40;

/// Where a statement's card is.
#[derive(Clone, Copy, Debug)]
struct Place {
    statement: usize,
    /// Whether the cards of what is inside follow.
    group: bool,
    /// The place of the group around it.
    parent: Option<usize>,
    /// The place of a card with the same inside.
    like: Option<usize>,
    /// The place of the card before it.
    before: Option<usize>,
    top: usize,
    bottom: usize,
}

/// Everything in its place.
struct Layout<'v, 'p> {
    view: &'v dyn View,
    whole: Whole,
    /// As many as there can be cards.
    places: &'p mut [Place],
    shown: usize,
    /// How many statements there is no room for.
    left_out: usize,
    /// Where what is between the inputs and the first card ends.
    inputs: usize,
    /// Where the outputs are.
    outputs: usize,
}

/// Where the inputs' lower end is.
const INPUTS: usize = 24;
/// How high an input or output is.
const END: usize = 20;

impl fmt::Display for Architecture<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nowhere = Place {
            statement: 0,
            group: false,
            parent: None,
            like: None,
            before: None,
            top: 0,
            bottom: 0,
        };
        let mut written = Ok(());
        let cards = self.0.statements().min(MOST);
        with_places(cards, nowhere, &mut |places| {
            written = Layout::of(self.0, places).and_then(|layout| layout.write(f));
        })
        .map_err(|_| fmt::Error)?;
        written
    }
}

impl<'v, 'p> Layout<'v, 'p> {
    fn of(view: &'v dyn View, places: &'p mut [Place]) -> Result<Self, fmt::Error> {
        let mut layout = Self {
            view,
            whole: card::costs(view, (0, view.layers())),
            places,
            shown: 0,
            left_out: 0,
            inputs: 0,
            outputs: 0,
        };
        layout.choose();
        layout.arrange()?;
        Ok(layout)
    }

    fn card(&self, place: usize) -> Card<'v> {
        self.view.statement(self.places[place].statement)
    }

    /// Finds the statements that have a card.
    fn choose(&mut self) {
        let view = self.view;
        let mut open = 0;
        for statement in 0..view.statements() {
            let card = view.statement(statement);
            if card.depth > open {
                continue;
            }
            let inside = statement + 1;
            let group = card.form == Form::Group
                && card.copies == 1
                && inside < view.statements()
                && view.statement(inside).depth > card.depth;
            open = card.depth + usize::from(group);
            if self.shown == self.places.len() {
                self.left_out += 1;
                continue;
            }
            let around = |place: &usize| {
                self.places[*place].group && self.card(*place).depth + 1 == card.depth
            };
            let parent = (0..self.shown).rev().find(around);
            self.places[self.shown] = Place {
                statement,
                group,
                parent: parent.filter(|_| card.depth > 0),
                ..self.places[self.shown]
            };
            self.shown += 1;
        }
    }

    /// Finds out how far down everything is.
    fn arrange(&mut self) -> fmt::Result {
        let mut before = None;
        for place in 0..self.shown {
            self.places[place].before = before;
            if !self.places[place].group {
                before = Some(place);
            }
        }
        self.inputs = INPUTS + 4 + self.room_below_inputs();
        let mut y = self.inputs;
        let detailed = self.detailed();
        for place in 0..self.shown {
            y += GAP;
            let card = self.card(place);
            if !self.places[place].group {
                y += self.room_above(place);
            }
            self.places[place].top = y;
            if self.places[place].group {
                // The cards of the group follow below its name.
                y += 24;
                self.places[place].bottom = y;
                y -= GAP - 6;
                continue;
            }
            let like = |other: &usize| {
                let earlier = self.card(*other);
                let own = !self.places[*other].group && self.places[*other].like.is_none();
                own && !earlier.label.is_empty() && card::alike(self.view, &card, &earlier)
            };
            let like = (0..place).find(like).filter(|_| detailed);
            self.places[place].like = like;
            y = self.write_card(place, y, 0, &mut Nowhere)?;
            self.places[place].bottom = y;
            // Groups reach as far as what is in them.
            let mut around = self.places[place].parent;
            let mut margin = 6;
            while let Some(group) = around {
                self.places[group].bottom = y + margin;
                around = self.places[group].parent;
                margin += 6;
            }
        }
        if self.left_out > 0 {
            y += GAP;
        }
        self.outputs = y + GAP + 12 + self.room_above_outputs();
        Ok(())
    }

    fn detailed(&self) -> bool {
        self.shown <= MOST_DETAILED
    }

    fn write_card(
        &self,
        place: usize,
        y: usize,
        height: usize,
        out: Out<'_>,
    ) -> Result<usize, fmt::Error> {
        let card = self.card(place);
        let at = &self.places[place];
        let group = at.parent.map_or("", |group| self.card(group).label);
        let manner = Manner {
            group,
            whole: &self.whole,
            details: self.detailed() && at.like.is_none(),
            brief: !self.detailed(),
        };
        let end = card::draw(self.view, &card, &manner, y, height, out)?;
        let Some(like) = at.like else {
            return Ok(end);
        };
        card::draw_alike(&card, self.card(like).label, end + 5, out)?;
        Ok(end + 12)
    }

    fn write(&self, out: Out<'_>) -> fmt::Result {
        let view = self.view;
        let height = self.outputs + 24;
        write!(
            out,
            "<svg class=\"shapewise\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" \
             style=\"max-width:480px\"><title>",
        )?;
        escaped(&view.name(), out)?;
        out.write_str(", layer by layer</title><desc>From top to bottom: ")?;
        for i in 0..view.inputs() {
            escaped(&format_args!("{} {}, ", view.input(i), shape(view, i)), out)?;
        }
        write!(out, "{} statements, ", self.shown + self.left_out)?;
        for i in 0..view.outputs() {
            let (name, value) = view.output(i);
            escaped(&format_args!("{name} {}, ", shape(view, value)), out)?;
        }
        let all = (0, view.layers());
        for cost in [Cost::Params, Cost::Macs] {
            let (before, what) = match cost {
                Cost::Params => ("with ", "parameters"),
                _ => (" and ", "multiply-accumulates"),
            };
            out.write_str(before)?;
            match (view.is_known(all, cost), cost) {
                (false, _) => {
                    let text = fmt::from_fn(|f| view.write_cost(all, cost, f));
                    match width_of(|out| write!(out, "{text}"))? {
                        0 => out.write_str("unknown")?,
                        _ => escaped(&text, out)?,
                    }
                }
                (true, Cost::Params) => write!(out, "{}", Grouped(self.whole.of(cost)))?,
                (true, _) => write!(out, "{}", Si(self.whole.of(cost)))?,
            }
            write!(out, " {what}")?;
        }
        write!(out, " in all.</desc>{STYLE}")?;
        self.write_ends(out)?;
        self.write_edges(out)?;
        for place in 0..self.shown {
            let at = &self.places[place];
            if at.group {
                self.write_group(place, out)?;
            } else {
                self.write_card(place, at.top, at.bottom - at.top, out)?;
            }
        }
        if self.left_out > 0 {
            let more = format_args!("and {} more statements", self.left_out);
            text("c", (MIDDLE, self.outputs - GAP), 50, &more, out)?;
        }
        out.write_str("</svg>")
    }

    /// The inputs above, the outputs below.
    fn write_ends(&self, out: Out<'_>) -> fmt::Result {
        let view = self.view;
        for i in 0..view.inputs() {
            let end = End::of(i, view.inputs());
            self.write_end(end, INPUTS - END, (view.input(i), i), out)?;
        }
        for i in 0..view.outputs() {
            let (name, value) = view.output(i);
            let end = End::of(i, view.outputs());
            self.write_end(end, self.outputs, (name, value), out)?;
        }
        Ok(())
    }

    /// An input or output: a name and a shape.
    fn write_end(
        &self,
        end: End,
        y: usize,
        (name, value): (&str, usize),
        out: Out<'_>,
    ) -> fmt::Result {
        write!(
            out,
            "<rect class=\"k\" x=\"{}\" y=\"{y}\" width=\"{}\" height=\"{END}\" rx=\"10\"/>",
            end.left(),
            end.width
        )?;
        let shape = shape(self.view, value);
        let label = format_args!("{name} {shape}");
        text("c", (end.x, y + 14), end.width / 6, &label, out)
    }

    /// The frame of a group, with its name.
    fn write_group(&self, place: usize, out: Out<'_>) -> fmt::Result {
        let at = &self.places[place];
        let card = self.card(place);
        let group = at.parent.map_or("", |group| self.card(group).label);
        let x = card::left(&card);
        write!(
            out,
            "<rect class=\"q\" x=\"{x}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"5\"/>",
            at.top,
            RIGHT + 3 - x,
            at.bottom - at.top
        )?;
        if let Some(link) = card.link {
            write!(out, "<a href=\"#associatedconstant.{link}\">")?;
        }
        let label = card::label(&card, group);
        text("l", (x + 8, at.top + 16), 20, &label, out)?;
        if card.link.is_some() {
            out.write_str("</a>")?;
        }
        Ok(())
    }
}

/// Where an input or output is.
#[derive(Clone, Copy, Debug)]
struct End {
    /// Its middle.
    x: usize,
    width: usize,
}

impl End {
    /// The one at `index` of so many.
    fn of(index: usize, count: usize) -> Self {
        let room = (RIGHT - 12) / count.max(1);
        Self {
            x: MIDDLE + index * room + room / 2 - room * count / 2,
            width: room.min(200) - 4,
        }
    }

    fn left(self) -> usize {
        self.x.saturating_sub(self.width / 2)
    }
}
