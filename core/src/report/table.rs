//! The table for the terminal.

use core::fmt::{self, Write};

use crate::report::column::{Column, Style};
use crate::report::footer::Total;
use crate::report::row::{Row, RowKind};
use crate::report::writers::{OneLine, Piece, cut, repeat, width_of};
use crate::report::{Rows, Summary};
use crate::text::Text;

/// The most columns that a table shows.
const MOST: usize = 32;
/// What stands between two columns.
const GAP: usize = 2;
/// How far the rows inside a group stand in.
const INDENT: usize = 2;

/// How narrow the columns of text may become, and in which order they do. Units and
/// connections are cut then; names are broken over several lines, so that no two rows
/// read the same.
const SHRINK: [(Column, usize); 6] = [
    (Column::Units, 26),
    (Column::Connected, 16),
    (Column::Units, 18),
    (Column::Connected, 12),
    (Column::Layer, 24),
    (Column::Layer, 14),
];

/// Which columns are left out of a table that is too wide still, the first first.
const DROP: [Column; 18] = [
    Column::Exact,
    Column::Kind,
    Column::Depth,
    Column::Copies,
    Column::Input,
    Column::Flops,
    Column::Share,
    Column::Bytes,
    Column::Buffers,
    Column::Activations,
    Column::Biases,
    Column::Weights,
    Column::Connected,
    Column::Macs,
    Column::Units,
    Column::Output,
    Column::Params,
    Column::Layer,
];

/// The columns that fit, with their places among those chosen and their widths.
struct Layout {
    columns: [(usize, Column, usize); MOST],
    len: usize,
}

impl fmt::Display for Summary {
    /// The table for the terminal: its lines are no longer than
    /// [`width`](Summary::width).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let layout = Layout::new(self)?;
        if self.heading {
            let paint = self.paint(Paint::Strong);
            paint.begin(f)?;
            cut(self.most(), f, |out| self.write_heading(out))?;
            paint.end(f)?;
            f.write_str("\n\n")?;
        }
        self.write_titles(&layout, f)?;
        self.write_rule(&layout, f)?;
        for row in Rows::new(*self) {
            if row.kind == RowKind::Total {
                self.write_rule(&layout, f)?;
            }
            self.write_row(&layout, &row, f)?;
        }
        if self.footer {
            f.write_char('\n')?;
            self.write_totals(f)?;
        }
        Ok(())
    }
}

impl Layout {
    fn new(summary: &Summary) -> Result<Self, fmt::Error> {
        let chosen = summary.table_columns();
        let mut layout = Self {
            columns: [(0, Column::Layer, 0); MOST],
            len: chosen.len().min(MOST),
        };
        for (i, column) in chosen.iter().take(MOST).enumerate() {
            let title = summary.title_of(i, *column, Style::Human);
            let mut width = width_of(|out| out.write_str(title))?;
            for row in summary.rows() {
                width = width.max(width_of(|out| {
                    summary.write_table_cell(&row, *column, out)
                })?);
            }
            layout.columns[i] = (i, *column, width);
        }
        layout.fit(summary.most());
        Ok(layout)
    }

    /// Makes the table no wider than `most`: columns of text are narrowed, then
    /// whole columns left out.
    fn fit(&mut self, most: usize) {
        while !self.narrow(most) && self.len > 1 {
            let least = DROP.iter().find_map(|drop| {
                let columns = &self.columns[..self.len];
                columns.iter().rposition(|(_, column, _)| column == drop)
            });
            let place = least.unwrap_or(self.len - 1);
            self.columns.copy_within(place + 1..self.len, place);
            self.len -= 1;
        }
        if let [(_, _, width)] = &mut self.columns[..self.len] {
            *width = (*width).min(most);
        }
    }

    /// Narrows the columns of text until the table fits; leaves them as they are
    /// when it cannot.
    fn narrow(&mut self, most: usize) -> bool {
        let natural = self.columns;
        // Names are broken into many lines only where hardly anything stands beside them.
        let last = if self.len > 3 { 1 } else { 0 };
        for (text, least) in SHRINK.into_iter().take(SHRINK.len() - last) {
            for i in 0..self.len {
                let excess = self.width().saturating_sub(most);
                let (_, column, width) = &mut self.columns[i];
                if *column == text && *width > least {
                    *width = width.saturating_sub(excess).max(least);
                }
            }
        }
        let fits = self.width() <= most;
        if !fits {
            self.columns = natural;
        }
        fits
    }

    fn width(&self) -> usize {
        let columns = &self.columns[..self.len];
        let widths: usize = columns.iter().map(|(_, _, width)| width).sum();
        widths + GAP * self.len.saturating_sub(1)
    }

    /// Writes a line, each cell in its paint by `cell`, which gives nothing where it has
    /// nothing to write, without spaces at its end.
    fn write_line<W>(
        &self,
        out: &mut dyn Write,
        paint: impl Fn(Column) -> Paint,
        cell: impl Fn(usize, Column, usize) -> Result<Option<(usize, W)>, fmt::Error>,
    ) -> fmt::Result
    where
        W: FnOnce(&mut dyn Write) -> fmt::Result,
    {
        let mut pending = 0;
        for (i, (place, column, width)) in self.columns[..self.len].iter().enumerate() {
            let gap = if i > 0 { GAP } else { 0 };
            let Some((filled, write)) = cell(*place, *column, *width)? else {
                pending += gap + width;
                continue;
            };
            let room = width.saturating_sub(filled);
            let before = if column.is_number() { room } else { 0 };
            repeat(' ', pending + gap + before, out)?;
            let paint = paint(*column);
            paint.begin(out)?;
            write(out)?;
            paint.end(out)?;
            pending = room - before;
        }
        out.write_char('\n')
    }
}

/// How something stands out where the terminal has colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Paint {
    Plain,
    Strong,
    Faint,
    Name,
}

impl Paint {
    fn begin(self, out: &mut dyn Write) -> fmt::Result {
        out.write_str(match self {
            Self::Plain => "",
            Self::Strong => "\x1b[1m",
            Self::Faint => "\x1b[2m",
            Self::Name => "\x1b[36m",
        })
    }

    fn end(self, out: &mut dyn Write) -> fmt::Result {
        out.write_str(if self == Self::Plain { "" } else { "\x1b[0m" })
    }
}

impl Summary {
    /// A paint, where there are colours.
    fn paint(&self, paint: Paint) -> Paint {
        if self.colours { paint } else { Paint::Plain }
    }

    /// Writes a horizontal line as wide as the table.
    fn write_rule(&self, layout: &Layout, out: &mut dyn Write) -> fmt::Result {
        let paint = self.paint(Paint::Faint);
        paint.begin(out)?;
        repeat('─', layout.width(), out)?;
        paint.end(out)?;
        out.write_char('\n')
    }

    fn write_titles(&self, layout: &Layout, out: &mut dyn Write) -> fmt::Result {
        let strong = self.paint(Paint::Strong);
        layout.write_line(
            out,
            |_| strong,
            |i, column, width| {
                let title = move |out: &mut dyn Write| {
                    out.write_str(self.title_of(i, column, Style::Human))
                };
                let write = move |out: &mut dyn Write| cut(width, out, title).map(drop);
                let filled = width_of(write)?;
                Ok((filled > 0).then_some((filled, write)))
            },
        )
    }

    /// Writes a row: a line, and more where its name does not fit into its column.
    fn write_row(&self, layout: &Layout, row: &Row, out: &mut dyn Write) -> fmt::Result {
        let paint = |column| {
            self.paint(match (row.kind, column) {
                (RowKind::Total, _) => Paint::Strong,
                (RowKind::Input | RowKind::Output, _) => Paint::Faint,
                (_, Column::Layer) => Paint::Name,
                _ => Paint::Plain,
            })
        };
        let name = move |out: &mut dyn Write| self.write_table_cell(row, Column::Layer, out);
        layout.write_line(out, paint, |_, column, width| {
            let cell = move |out: &mut dyn Write| self.write_table_cell(row, column, out);
            let (filled, piece) = match column {
                Column::Layer => {
                    let piece = Piece::first(width, cell)?;
                    (piece.columns, Some(piece))
                }
                // Less than all of it where half of a wide character has no place.
                _ => (width_of(|out| cut(width, out, cell).map(drop))?, None),
            };
            let write = move |out: &mut dyn Write| match piece {
                Some(piece) => piece.write(out, cell),
                None => cut(width, out, cell).map(drop),
            };
            Ok((filled > 0).then_some((filled, write)))
        })?;
        let columns = &layout.columns[..layout.len];
        let Some((_, _, width)) = columns
            .iter()
            .find(|(_, column, _)| *column == Column::Layer)
        else {
            return Ok(());
        };
        // What goes on stands further in than what begins.
        let indent = (INDENT * (row.depth + 1)).min(width / 2);
        let mut piece = Piece::first(*width, name)?;
        while let Some(next) = piece.next(width - indent, name)? {
            piece = next;
            layout.write_line(out, paint, |_, column, _| {
                let write = move |out: &mut dyn Write| {
                    repeat(' ', indent, out)?;
                    piece.write(out, name)
                };
                Ok((column == Column::Layer).then_some((indent + piece.columns, write)))
            })?;
        }
        Ok(())
    }

    /// A cell as the table has it: on one line, and names set in below those of
    /// their groups.
    fn write_table_cell(&self, row: &Row, column: Column, out: &mut dyn Write) -> fmt::Result {
        if column != Column::Layer {
            return self.write_cell(row, column, Style::Human, &mut OneLine::new(out));
        }
        repeat(' ', INDENT * row.depth, out)?;
        match self.names {
            Some(names) => names(row, &mut OneLine::new(out))?,
            None => write!(out, "{}", row.short_path())?,
        }
        match row.copies {
            1 => Ok(()),
            copies => write!(out, " ×{copies}"),
        }
    }

    /// The totals, each from a line of its own on.
    fn write_totals(&self, out: &mut dyn Write) -> fmt::Result {
        const TITLE: usize = 13;
        for total in Total::ALL.into_iter().filter(|total| self.has(*total)) {
            let title = total.title();
            let paint = self.paint(Paint::Strong);
            paint.begin(out)?;
            out.write_str(title)?;
            paint.end(out)?;
            repeat(' ', TITLE - title.len(), out)?;
            let most = self.most();
            let mut line = Line(Text::new());
            self.write_total(total, &mut line)?;
            let mut filled = TITLE;
            for word in Words(line.0.as_str()) {
                let width = width_of(|out| out.write_str(word))?;
                if filled + 1 + width > most && filled > TITLE {
                    out.write_char('\n')?;
                    repeat(' ', TITLE, out)?;
                    filled = TITLE;
                }
                if filled > TITLE {
                    out.write_char(' ')?;
                    filled += 1;
                }
                filled += cut(most - TITLE, out, |out| out.write_str(word))?;
            }
            out.write_char('\n')?;
        }
        Ok(())
    }
}

/// A line of the totals: some numbers and words, which have their room.
struct Line(Text);

impl Write for Line {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.str(text);
        Ok(())
    }
}

/// The parts between which a line may be broken: not between a number and what it
/// counts.
struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.0.is_empty() {
            return None;
        }
        let breaks = |(at, _): &(usize, &str)| {
            let before = self.0[..*at].ends_with(|c: char| c.is_ascii_digit());
            !(before && self.0[at + 1..].starts_with(char::is_alphanumeric))
        };
        let end = self.0.match_indices(' ').find(breaks);
        let (word, rest) = match end {
            Some((at, _)) => (&self.0[..at], &self.0[at + 1..]),
            None => (self.0, ""),
        };
        self.0 = rest;
        Some(word)
    }
}
