//! A statement's card: its label, its units, its shares, what is inside.

use core::fmt;

use super::inside::{self, Column};
use super::pen::{Out, broken, escaped, text};
use super::structure::{Part, family};
use super::{Card, Cost, View};
use crate::catalogue::FAMILIES;
use crate::graph::{Counts, Form};
use crate::number::{Percent, Si};
use crate::report::writers::width_of;

/// The right end of every card.
pub(super) const RIGHT: usize = 352;
/// The left end of a card in the network's own body.
const LEFT: usize = 6;
/// By how much a group's cards stand further in.
const STEP: usize = 9;
/// A part with more layers is not drawn.
const MOST_LAYERS: usize = 400;

/// What the shares are of.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whole {
    pub(super) counts: Counts,
    pub(super) activations: u64,
}

impl Whole {
    pub(super) fn of(&self, cost: Cost) -> u64 {
        match cost {
            Cost::Params => self.counts.params(),
            Cost::Macs => self.counts.macs,
            Cost::Values => self.activations,
        }
    }
}

/// How a card is drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Manner<'a> {
    /// The label of the group around it.
    pub(super) group: &'a str,
    /// What its shares are of.
    pub(super) whole: &'a Whole,
    /// Whether what is inside is drawn.
    pub(super) details: bool,
    /// Whether the network is long: then a card has the most telling only.
    pub(super) brief: bool,
}

/// The left end of a card.
pub(super) fn left(card: &Card<'_>) -> usize {
    LEFT + card.depth.min(8) * STEP
}

/// What the layers of a card cost, and the elements that they make.
pub(super) fn costs(view: &dyn View, layers: (usize, usize)) -> Whole {
    let mut whole = Whole {
        counts: Counts::ZERO,
        activations: 0,
    };
    for i in layers.0..layers.1 {
        let layer = view.layer(i);
        // The sums of a network fit: the macro saw to that.
        whole.counts = whole.counts.plus(&layer.counts).unwrap_or(whole.counts);
        for value in layer.output..layer.output + layer.results {
            let elements = view.shape(value).checked_elements().unwrap_or(u64::MAX);
            whole.activations = whole.activations.saturating_add(elements);
        }
    }
    whole
}

/// The colour of what has no layer: grey, as that of the last family.
const OTHER: usize = FAMILIES.len() - 1;

/// The family that a card is coloured by: that of its costliest layer.
fn colour(view: &dyn View, card: &Card<'_>) -> usize {
    let cost = |i: &usize| {
        let counts = view.layer(*i).counts;
        (counts.macs, counts.params())
    };
    let layers = card.layers.0..card.layers.1;
    let first = layers.clone().next();
    let costliest = layers.rev().max_by_key(cost);
    costliest
        .or(first)
        .map_or(OTHER, |layer| family(view, layer))
}

/// The label without that of the group around it.
pub(super) fn label<'v>(card: &Card<'v>, group: &str) -> &'v str {
    let rest = card.label.strip_prefix(group);
    match rest.and_then(|rest| rest.strip_prefix('.')) {
        Some(rest) if !group.is_empty() => rest,
        _ => card.label,
    }
}

/// Draws a card from `y` on, returns where its lower end is.
pub(super) fn draw(
    view: &dyn View,
    card: &Card<'_>,
    manner: &Manner<'_>,
    y: usize,
    height: usize,
    out: Out<'_>,
) -> Result<usize, fmt::Error> {
    let x = left(card);
    let width = RIGHT - x;
    if let Some(link) = card.link {
        write!(out, "<a href=\"#associatedconstant.{link}\">")?;
    }
    let dashed = if card.copies > 1 {
        " style=\"stroke-dasharray:5 3;stroke:var(--i)\""
    } else {
        ""
    };
    write!(
        out,
        "<rect class=\"k\"{dashed} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>\
         <path class=\"f{} f\" d=\"M{} {}v{}\"/>",
        colour(view, card),
        x + 2,
        y + 3,
        height.saturating_sub(6),
    )?;
    let indent = x + 12;
    let mut line = y + 4;
    let label = label(card, manner.group);
    if !label.is_empty() {
        line += 14;
        text("l", (indent, line), (width - 60) / 8, &label, out)?;
    }
    if card.link.is_some() {
        out.write_str("</a>")?;
    }
    if card.copies > 1 {
        let copies = format_args!("×{}", card.copies);
        text("l z", (RIGHT - 8, y + 18), 12, &copies, out)?;
    }
    // A repeat without a label has its count in the first line of its text.
    let taken = usize::from(card.copies > 1 && label.is_empty()) * 36;
    let most = (width - 20 - taken) * 10 / 67;
    let (one, two) = match manner.brief {
        true => (card.text, ""),
        false => broken(card.text, most),
    };
    line += 14;
    text("t", (indent, line), most, &one, out)?;
    if !two.is_empty() {
        line += 13;
        text("t", (indent, line), most, &two, out)?;
    }
    line = shares(view, card.layers, manner, (indent, line), out)?;
    let Some(part) = drawn(view, card).filter(|_| manner.details) else {
        return Ok(line + 8);
    };
    if part.end < card.layers.1 {
        let all = Part {
            end: card.layers.1,
            ..part
        };
        if !all.is_copies(view, card.copies, true) {
            line += 13;
            text("", (indent, line), 40, &"the first of them:", out)?;
            line -= 3;
        }
    }
    let column = Column {
        x: indent,
        y: line + 10,
        width: width - 20,
    };
    Ok(inside::series(view, part, column, out)? + 8)
}

/// Numbers and bars: parameters, MACs, activations. Those that are no numbers have no bars.
fn shares(
    view: &dyn View,
    layers: (usize, usize),
    manner: &Manner<'_>,
    (x, y): (usize, usize),
    out: Out<'_>,
) -> Result<usize, fmt::Error> {
    const BAR: u64 = 92;
    /// The letters that have room in a column.
    const COLUMN: usize = 20;
    let costs = costs(view, layers);
    let whole = manner.whole;
    let all = (0, view.layers());
    let known = Cost::ALL.map(|cost| view.is_known(layers, cost));
    let said = |cost: Cost| {
        let known = known[cost as usize];
        fmt::from_fn(move |f| {
            let part = costs.of(cost);
            match known {
                true => write!(f, "{}", Si(part))?,
                false => view.write_cost(layers, cost, f)?,
            }
            let ending = if known && part == 1 { "" } else { "s" };
            write!(f, " {}{ending}", cost.name())
        })
    };
    // What costs nothing has no column, nor what there is nothing to say of.
    let mut shown = [false; 3];
    let mut columns = true;
    for cost in Cost::ALL {
        let nothing = cost.name().len() + 2;
        let width = width_of(|out| write!(out, "{}", said(cost)))?;
        shown[cost as usize] = match known[cost as usize] {
            true => costs.of(cost) > 0,
            false => width > nothing,
        };
        columns &= !shown[cost as usize] || width <= COLUMN;
    }
    let shown = || Cost::ALL.into_iter().filter(|cost| shown[*cost as usize]);
    if shown().next().is_none() {
        return Ok(y);
    }
    if !columns {
        let mut line = y;
        for cost in shown() {
            line += 13;
            text("", (x, line), 66, &said(cost), out)?;
        }
        return Ok(line + 2);
    }
    let (text_y, bar_y) = (y + 15, y + 21);
    let start = |cost: Cost| x + cost as usize * 104;
    write!(out, "<text y=\"{text_y}\">")?;
    for cost in shown() {
        write!(out, "<tspan x=\"{}\">", start(cost))?;
        escaped(&said(cost), out)?;
        out.write_str("</tspan>")?;
    }
    out.write_str("</text>")?;
    let barred = || shown().filter(|cost| known[*cost as usize] && view.is_known(all, *cost));
    if barred().next().is_none() {
        return Ok(text_y + 2);
    }
    if !manner.brief {
        out.write_str("<path class=\"o\" d=\"")?;
        for cost in barred() {
            write!(out, "M{} {bar_y}h{BAR}", start(cost))?;
        }
        out.write_str("\"/>")?;
    }
    let mut open = false;
    for cost in barred() {
        let share = Percent {
            part: costs.of(cost),
            whole: whole.of(cost),
        };
        let length = share.millionths() * u128::from(BAR) / 1_000_000;
        // What is there is seen, but in a long network nearly all is next to nothing.
        if length < 2 && manner.brief {
            continue;
        }
        if !open {
            out.write_str("<path class=\"b\" d=\"")?;
        }
        open = true;
        let length = length.clamp(1, u128::from(BAR));
        write!(out, "M{} {bar_y}h{length}", start(cost))?;
    }
    if open {
        out.write_str("\"/>")?;
    }
    Ok(bar_y + 2)
}

/// What is drawn inside a card: its layers, those of one copy where it has
/// several, unless its text says as much.
fn drawn(view: &dyn View, card: &Card<'_>) -> Option<Part> {
    let (first, end) = card.layers;
    let part = Part {
        first,
        end,
        enter: card.input,
    };
    if first >= end || part.layers() > MOST_LAYERS {
        return None;
    }
    if part.is_copies(view, card.copies, false) {
        return Some(part.until(first + part.layers() / card.copies));
    }
    let said = card.form == Form::Units(part.layers());
    (!said && part.layers() > 1).then_some(part)
}

/// Whether what is inside two cards is the same but for its arguments, and
/// large enough that it is worth a reference instead.
pub(super) fn alike(view: &dyn View, one: &Card<'_>, other: &Card<'_>) -> bool {
    let (Some(a), Some(b)) = (drawn(view, one), drawn(view, other)) else {
        return false;
    };
    a.layers() > 8 && a.alike(view, b)
}

/// What stands in a card instead of a drawing that is there already.
pub(super) fn draw_alike(card: &Card<'_>, like: &str, y: usize, out: Out<'_>) -> fmt::Result {
    write!(
        out,
        "<text x=\"{}\" y=\"{y}\">inside as in ",
        left(card) + 12
    )?;
    escaped(&like, out)?;
    out.write_str("</text>")
}
