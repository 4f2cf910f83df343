//! What is inside a card: its layers, branches side by side, what is repeated
//! in a dashed frame.

use core::fmt;

use super::View;
use super::pen::{Nowhere, Out, text};
use super::structure::{Parallel, Part, family};
use crate::catalogue::Entry;
use crate::value::Value;

/// A column to draw in: its left end, its width, and how far down it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
}

/// Between one box and the next.
const GAP: usize = 8;
/// A column is not narrower.
const LEAST: usize = 46;
/// What goes round a body takes so much.
const SKIP: usize = 16;

impl Column {
    fn middle(self) -> usize {
        self.x + self.width / 2
    }

    fn at(self, y: usize) -> Self {
        Self { y, ..self }
    }
}

/// Draws a part, returns where its lower end is.
pub(super) fn series(
    view: &dyn View,
    part: Part,
    column: Column,
    out: Out<'_>,
) -> Result<usize, fmt::Error> {
    let mut rest = part;
    let mut y = column.y;
    while rest.first < rest.end {
        if rest.first > part.first {
            line(column.middle(), y, y + GAP, out)?;
            y += GAP;
        }
        let end = match rest.repeated(view) {
            Some((period, times)) => {
                let copy = rest.until(rest.first + period);
                y = repeated(view, copy, times, column.at(y), out)?;
                rest.first + period * times
            }
            None => {
                let end = rest.unit(view);
                y = unit(view, rest.until(end), column.at(y), out)?;
                end
            }
        };
        rest = rest.after(view, end);
    }
    Ok(y)
}

/// A dashed frame around one copy, with how many there are.
fn repeated(
    view: &dyn View,
    copy: Part,
    times: usize,
    column: Column,
    out: Out<'_>,
) -> Result<usize, fmt::Error> {
    // The count stands beside the boxes where there is room for it.
    let head = if column.width < 264 { 15 } else { 7 };
    let inner = Column {
        x: column.x + 6,
        y: column.y + head,
        width: column.width.saturating_sub(12),
    };
    let end = series(view, copy, inner, &mut Nowhere)? + 7;
    let Column { x, y, width } = column;
    write!(
        out,
        "<rect class=\"d\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{}\" rx=\"4\"/>",
        end - y
    )?;
    series(view, copy, inner, out)?;
    let times = format_args!("×{times}");
    text("n", (x + 5, y + 12), 8, &times, out)?;
    Ok(end)
}

/// One layer with those that belong to it, or branches and their join.
fn unit(view: &dyn View, part: Part, column: Column, out: Out<'_>) -> Result<usize, fmt::Error> {
    let segment = part.segment(view);
    if segment == part.first + 1 {
        return layer(view, part.first, part.end, column, out);
    }
    let parallel = part.until(segment).parallel(view);
    let shown = parallel.filter(|parallel| {
        let columns = parallel.branches;
        columns * LEAST + usize::from(parallel.skip) * 2 * SKIP <= column.width
    });
    match shown {
        Some(parallel) => {
            let y = branches(view, part.until(segment), &parallel, column, out)?;
            layer(view, segment - 1, part.end, column.at(y), out)
        }
        None => many(view, part, column, out),
    }
}

/// The ways side by side; returns where the join begins.
fn branches(
    view: &dyn View,
    part: Part,
    parallel: &Parallel,
    column: Column,
    out: Out<'_>,
) -> Result<usize, fmt::Error> {
    let skip = if parallel.skip { SKIP } else { 0 };
    // As much is left free on the other side: the body stays in the middle.
    let width = (column.width - 2 * skip) / parallel.branches;
    let top = column.y + GAP;
    let branch = |i: usize| {
        let first = if i == 0 {
            part.first
        } else {
            parallel.ends[i - 1]
        };
        let branch = Part {
            first,
            end: parallel.ends[i],
            ..part
        };
        let column = Column {
            x: column.x + skip + i * width + 2,
            y: top,
            width: width - 4,
        };
        (branch, column)
    };
    let mut bottom = top;
    for i in 0..parallel.branches {
        let (part, column) = branch(i);
        bottom = bottom.max(series(view, part, column, &mut Nowhere)?);
    }
    let end = bottom + GAP;
    let middle = column.middle();
    // The lines first, so that the boxes lie over them.
    out.write_str("<path class=\"w\" d=\"")?;
    for i in 0..parallel.branches {
        let x = branch(i).1.middle();
        write!(out, "M{middle} {}H{x}V{end}H{middle}", column.y)?;
    }
    out.write_str("\"/>")?;
    if parallel.skip {
        let side = column.x + column.width - 4;
        write!(
            out,
            "<path class=\"w s\" d=\"M{middle} {}H{}q6 0 6 6V{}q0 6 -6 6H{middle}\"/>",
            column.y,
            side - 6,
            end - 6
        )?;
    }
    for i in 0..parallel.branches {
        let (part, column) = branch(i);
        series(view, part, column, out)?;
    }
    line(middle, end, end + 4, out)?;
    Ok(end + 4)
}

fn line(x: usize, from: usize, to: usize, out: Out<'_>) -> fmt::Result {
    write!(out, "<path class=\"w\" d=\"M{x} {from}V{to}\"/>")
}

/// A box and how many characters fit into it.
fn boxed(kind: usize, height: usize, column: Column, out: Out<'_>) -> Result<usize, fmt::Error> {
    let width = column.width.min(210);
    write!(
        out,
        "<rect class=\"f{kind}\" x=\"{}\" y=\"{}\" width=\"{width}\" height=\"{height}\" rx=\"3\"/>",
        column.middle() - width / 2,
        column.y
    )?;
    Ok(width.saturating_sub(6))
}

/// A layer, and in small letters those that follow it.
fn layer(
    view: &dyn View,
    first: usize,
    end: usize,
    column: Column,
    out: Out<'_>,
) -> Result<usize, fmt::Error> {
    let dilation = dilation(view, first);
    let small = end > first + 1 || dilation.is_some();
    let height = if small { 27 } else { 16 };
    let room = boxed(family(view, first), height, column, out)?;
    let middle = column.middle();
    let name = fmt::from_fn(|f| write_short(view, first, f));
    text("m", (middle, column.y + 11), room * 10 / 57, &name, out)?;
    if small {
        let others = fmt::from_fn(|f| {
            if let Some(dilation) = dilation {
                f.write_str("dilation ")?;
                view.write_argument(first, "dilation", dilation, f)?;
            }
            for i in first + 1..end {
                let begins = i == first + 1 && dilation.is_none();
                let separator = if begins { "" } else { ", " };
                write!(f, "{separator}{}", view.layer(i).entry.name)?;
            }
            Ok(())
        });
        text("m u", (middle, column.y + 22), room * 10 / 51, &others, out)?;
    }
    Ok(column.y + height)
}

/// Layers whose connections are not drawn.
fn many(view: &dyn View, part: Part, column: Column, out: Out<'_>) -> Result<usize, fmt::Error> {
    let room = boxed(family(view, part.first), 27, column, out)?;
    let middle = column.middle();
    let count = format_args!("{} layers", part.layers());
    text("m", (middle, column.y + 11), room * 10 / 57, &count, out)?;
    let kinds = fmt::from_fn(|f| {
        let name = |i: usize| view.layer(i).entry.name;
        let kinds = (part.first..part.end)
            .filter(|i| (part.first..*i).all(|before| name(before) != name(*i)));
        for (i, kind) in kinds.enumerate() {
            let separator = if i > 0 { ", " } else { "" };
            write!(f, "{separator}{}", name(kind))?;
        }
        Ok(())
    });
    text("m u", (middle, column.y + 22), room * 10 / 51, &kinds, out)?;
    Ok(column.y + 27)
}

/// A layer in a few letters: `conv 64 3x3 /2`, the stride behind the stroke.
pub(super) fn write_short(
    view: &dyn View,
    layer: usize,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let item = view.layer(layer);
    f.write_str(item.entry.name)?;
    for (name, value) in item.arguments {
        if positional(item.entry, name) && !matches!(value, Value::Input(_)) {
            f.write_str(" ")?;
            view.write_argument(layer, name, value, f)?;
        }
    }
    match item.arguments.get("stride") {
        Some(value) if value != Value::Int(1) => {
            f.write_str(" /")?;
            view.write_argument(layer, "stride", value, f)
        }
        _ => Ok(()),
    }
}

/// The dilation of a layer, where it has one.
fn dilation(view: &dyn View, layer: usize) -> Option<Value> {
    let dilation = view.layer(layer).arguments.get("dilation")?;
    (dilation != Value::Int(1)).then_some(dilation)
}

fn positional(entry: &Entry, name: &str) -> bool {
    let mut arguments = entry.arguments.iter();
    arguments.any(|argument| argument.name == name && argument.positional)
}
