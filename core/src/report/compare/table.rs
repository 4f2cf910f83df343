//! The comparison for the terminal.

use core::fmt::{self, Write};

use super::totals::Figure;
use super::{Change, Comparison};
use crate::report::column::{Column, Style};
use crate::report::row::Row;
use crate::report::writers::{OneLine, Piece, cut, repeat, width_of};

/// What the table says of a statement.
pub(super) const COLUMNS: [Column; 5] = [
    Column::Layer,
    Column::Units,
    Column::Output,
    Column::Params,
    Column::Macs,
];

/// What stands between two columns.
const GAP: usize = 2;
/// The mark of a line and the space behind it.
const MARK: usize = 2;
/// How narrow a column may become, and in which order columns do.
const SHRINK: [(usize, usize); 3] = [(1, 8), (0, 8), (2, 8)];

impl fmt::Display for Comparison {
    /// Tables for the terminal, whose lines are no longer than
    /// [`width`](Comparison::width).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [self.before.graph().name(), self.after.graph().name()];
        cut(self.most(), f, |out| {
            write!(out, "{} -> {}", names[0], names[1])
        })?;
        f.write_str("\n\n")?;
        if self.shown().next().is_some() {
            self.write_statements(f)?;
        }
        self.write_unchanged(f)?;
        f.write_str("\n\n")?;
        self.write_totals(f)
    }
}

impl Comparison {
    fn write_statements(&self, out: &mut dyn Write) -> fmt::Result {
        let widths = self.widths()?;
        let line = MARK + widths.iter().sum::<usize>() + GAP * (widths.len() - 1);
        repeat(' ', MARK, out)?;
        write_line(&widths, out, |column, out| out.write_str(column.title()))?;
        repeat('─', line, out)?;
        out.write_char('\n')?;
        for difference in self.shown() {
            for (mark, row) in difference.lines() {
                let (begin, end) = match (self.colours, mark) {
                    (true, "+") => ("\x1b[32m", "\x1b[0m"),
                    (true, "-") => ("\x1b[31m", "\x1b[0m"),
                    _ => ("", ""),
                };
                write!(out, "{begin}{mark}{end} ")?;
                write_line(&widths, out, |column, out| write_cell(&row, column, out))?;
                write_rest(&row, widths[0], out)?;
            }
        }
        repeat('─', line, out)?;
        out.write_char('\n')
    }

    /// The widths of the columns, made so narrow that a line fits.
    fn widths(&self) -> Result<[usize; COLUMNS.len()], fmt::Error> {
        let mut widths = [0; COLUMNS.len()];
        for (width, column) in widths.iter_mut().zip(COLUMNS) {
            *width = width_of(|out| out.write_str(column.title()))?;
        }
        for difference in self.shown() {
            for (_, row) in difference.lines() {
                for (width, column) in widths.iter_mut().zip(COLUMNS) {
                    *width = (*width).max(width_of(|out| write_cell(&row, column, out))?);
                }
            }
        }
        for (column, least) in SHRINK {
            let line = MARK + widths.iter().sum::<usize>() + GAP * (widths.len() - 1);
            let excess = line.saturating_sub(self.most());
            let narrow = widths[column].saturating_sub(excess);
            widths[column] = narrow.max(least.min(widths[column]));
        }
        Ok(widths)
    }

    /// The figures of both networks: a line each, the names of the networks above.
    fn write_totals(&self, out: &mut dyn Write) -> fmt::Result {
        let graphs = [self.before.graph(), self.after.graph()];
        let mut title = 0;
        let mut widths = [0; 2];
        for (width, graph) in widths.iter_mut().zip(graphs) {
            *width = width_of(|out| out.write_str(graph.name()))?;
            for figure in self.figures() {
                title = title.max(width_of(|out| out.write_str(figure.title()))?);
                *width = (*width).max(width_of(|out| figure.write(graph, out))?);
            }
        }
        // The difference keeps room for `+123,456,789 (12.3%)`.
        let most = self.most().saturating_sub(title + 3 * GAP + 20) / 2;
        let widths = widths.map(|width| width.min(most));
        let rest = title + 3 * GAP + widths.iter().sum::<usize>();
        let rest = self.most().saturating_sub(rest);
        repeat(' ', title, out)?;
        for (width, graph) in widths.into_iter().zip(graphs) {
            write_right(width, out, |out| out.write_str(graph.name()))?;
        }
        out.write_str("  Difference\n")?;
        for figure in self.figures() {
            write!(out, "{:<title$}", figure.title())?;
            for (width, graph) in widths.into_iter().zip(graphs) {
                write_right(width, out, |out| figure.write(graph, out))?;
            }
            self.write_difference(figure, rest, out)?;
            out.write_char('\n')?;
        }
        Ok(())
    }

    fn write_difference(&self, figure: Figure, most: usize, out: &mut dyn Write) -> fmt::Result {
        let write = |out: &mut dyn Write| {
            figure.write_difference(self.before.graph(), self.after.graph(), out)
        };
        if width_of(write)? == 0 {
            return Ok(());
        }
        repeat(' ', GAP, out)?;
        cut(most, out, write).map(drop)
    }
}

/// Writes a cell at the right of its column, with the gap before it.
fn write_right(
    width: usize,
    out: &mut dyn Write,
    write: impl Fn(&mut dyn Write) -> fmt::Result,
) -> fmt::Result {
    let room = width.saturating_sub(width_of(&write)?);
    repeat(' ', GAP + room, out)?;
    cut(width, out, write).map(drop)
}

/// Writes a line, each cell by `cell`.
fn write_line(
    widths: &[usize; COLUMNS.len()],
    out: &mut dyn Write,
    cell: impl Fn(Column, &mut dyn Write) -> fmt::Result,
) -> fmt::Result {
    for (i, (column, width)) in COLUMNS.into_iter().zip(widths).enumerate() {
        let filled = width_of(|out| cell(column, out))?.min(*width);
        let gap = if i > 0 { GAP } else { 0 };
        if column.is_number() {
            repeat(' ', gap + width - filled, out)?;
            cut(*width, out, |out| cell(column, out))?;
        } else if column == Column::Layer {
            // What does not fit stands on the lines below.
            let piece = Piece::first(*width, |out| cell(column, out))?;
            repeat(' ', gap, out)?;
            piece.write(out, |out| cell(column, out))?;
            repeat(' ', width.saturating_sub(piece.columns), out)?;
        } else {
            repeat(' ', gap, out)?;
            let filled = cut(*width, out, |out| cell(column, out))?;
            repeat(' ', width - filled, out)?;
        }
    }
    out.write_char('\n')
}

/// Writes what of a name did not fit into its column, below it.
fn write_rest(row: &Row, width: usize, out: &mut dyn Write) -> fmt::Result {
    let name = |out: &mut dyn Write| write_cell(row, Column::Layer, out);
    let indent = (2 * (row.depth + 1)).min(width / 2);
    let mut piece = Piece::first(width, name)?;
    while let Some(next) = piece.next(width - indent, name)? {
        piece = next;
        repeat(' ', MARK + indent, out)?;
        piece.write(out, name)?;
        out.write_char('\n')?;
    }
    Ok(())
}

/// Writes what the table says of a statement. Names stand in below those of
/// their groups.
pub(super) fn write_cell(row: &Row, column: Column, out: &mut dyn Write) -> fmt::Result {
    if column != Column::Layer {
        return row
            .summary
            .write_cell(row, column, Style::Human, &mut OneLine::new(out));
    }
    repeat(' ', 2 * row.depth, out)?;
    write!(out, "{}", row.short_path())?;
    match row.copies {
        1 => Ok(()),
        copies => write!(out, " ×{copies}"),
    }
}

impl Change {
    /// Its name: `changed`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Removed => "removed",
        }
    }
}
