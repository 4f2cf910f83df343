//! The table for the terminal.

use core::fmt::{self, Write};

use crate::report::column::{Column, Style};
use crate::report::footer::Total;
use crate::report::row::{Row, RowKind};
use crate::report::writers::{OneLine, cut, repeat, width_of};
use crate::report::{Rows, Summary};
use crate::text::Text;

/// The most columns that a table shows.
const MOST: usize = 32;
/// What stands between two columns.
const GAP: usize = 2;
/// How far the rows inside a group stand in.
const INDENT: usize = 2;

/// How narrow the columns of text may become, and in which order they do.
const SHRINK: [(Column, usize); 6] = [
    (Column::Units, 26),
    (Column::Connected, 16),
    (Column::Layer, 24),
    (Column::Units, 18),
    (Column::Connected, 12),
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
            cut(self.width, f, |out| self.write_heading(out))?;
            f.write_str("\n\n")?;
        }
        self.write_titles(&layout, f)?;
        rule(&layout, f)?;
        for row in Rows::new(*self) {
            if row.kind == RowKind::Total {
                rule(&layout, f)?;
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
        layout.fit(summary.width);
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
        for (text, least) in SHRINK {
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

    /// Writes a line, each cell by `cell`, without spaces at its end.
    fn write_line(
        &self,
        out: &mut dyn Write,
        cell: impl Fn(usize, Column, &mut dyn Write) -> fmt::Result,
    ) -> fmt::Result {
        let mut pending = 0;
        for (i, (place, column, width)) in self.columns[..self.len].iter().enumerate() {
            let gap = if i > 0 { GAP } else { 0 };
            let filled = width_of(|out| cell(*place, *column, out))?.min(*width);
            let room = width - filled;
            if filled == 0 {
                pending += gap + room;
                continue;
            }
            let before = if column.is_number() { room } else { 0 };
            repeat(' ', pending + gap + before, out)?;
            let written = cut(*width, out, |out| cell(*place, *column, out))?;
            pending = width - written - before;
        }
        out.write_char('\n')
    }
}

/// Writes a horizontal line as wide as the table.
fn rule(layout: &Layout, out: &mut dyn Write) -> fmt::Result {
    repeat('─', layout.width(), out)?;
    out.write_char('\n')
}

impl Summary {
    fn write_titles(&self, layout: &Layout, out: &mut dyn Write) -> fmt::Result {
        layout.write_line(out, |i, column, out| {
            out.write_str(self.title_of(i, column, Style::Human))
        })
    }

    fn write_row(&self, layout: &Layout, row: &Row, out: &mut dyn Write) -> fmt::Result {
        layout.write_line(out, |_, column, out| {
            self.write_table_cell(row, column, out)
        })
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
            write!(out, "{title:<TITLE$}")?;
            let mut line = Line(Text::new());
            self.write_total(total, &mut line)?;
            let mut filled = TITLE;
            for word in Words(line.0.as_str()) {
                let width = width_of(|out| out.write_str(word))?;
                if filled + 1 + width > self.width && filled > TITLE {
                    out.write_char('\n')?;
                    repeat(' ', TITLE, out)?;
                    filled = TITLE;
                }
                if filled > TITLE {
                    out.write_char(' ')?;
                    filled += 1;
                }
                filled += cut(self.width - TITLE, out, |out| out.write_str(word))?;
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
