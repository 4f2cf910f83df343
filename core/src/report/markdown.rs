//! The report as a Markdown table.

use core::fmt::{self, Write};

use crate::report::Summary;
use crate::report::column::{Column, Style};
use crate::report::footer::Total;
use crate::report::row::Row;
use crate::report::writers::{Escaped, OneLine, any};

/// A table in GitHub's Markdown. Made by [`Summary::markdown`].
#[derive(Clone, Copy, Debug)]
pub struct Markdown(pub(super) Summary);

impl fmt::Display for Markdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = &self.0;
        let columns = summary.table_columns();
        if summary.heading {
            f.write_str("**")?;
            summary.write_heading(&mut Escaped::new(f, escape))?;
            f.write_str("**\n\n")?;
        }
        f.write_char('|')?;
        for (i, column) in columns.iter().enumerate() {
            let title = summary.title_of(i, *column, Style::Human);
            f.write_char(' ')?;
            OneLine::new(&mut Escaped::new(f, escape)).write_str(title)?;
            f.write_str(" |")?;
        }
        f.write_str("\n|")?;
        for column in columns {
            f.write_str(if column.is_number() {
                " ---: |"
            } else {
                " --- |"
            })?;
        }
        f.write_char('\n')?;
        for row in summary.rows() {
            f.write_char('|')?;
            for column in columns {
                f.write_char(' ')?;
                write_cell(summary, &row, *column, f)?;
                f.write_str(" |")?;
            }
            f.write_char('\n')?;
        }
        if summary.footer {
            f.write_char('\n')?;
            for total in Total::ALL.into_iter().filter(|total| summary.has(*total)) {
                write!(f, "- {}: ", total.title())?;
                summary.write_total(total, &mut Escaped::new(f, escape))?;
                f.write_char('\n')?;
            }
        }
        Ok(())
    }
}

/// Writes a cell; units stand as code.
fn write_cell(summary: &Summary, row: &Row, column: Column, f: &mut dyn Write) -> fmt::Result {
    let cell = |out: &mut dyn Write| {
        let mut line = OneLine::new(out);
        summary.write_cell(row, column, Style::Human, &mut line)?;
        match (column, row.copies) {
            (Column::Layer, 2..) => write!(line, " ×{}", row.copies),
            _ => Ok(()),
        }
    };
    if column == Column::Units && !row.nodes.is_empty() && any(|_| true, cell)? {
        f.write_char('`')?;
        cell(&mut Escaped::new(f, escape_code))?;
        return f.write_char('`');
    }
    cell(&mut Escaped::new(f, escape))
}

/// What ends a cell or begins an emphasis, a link, code or HTML. Underscores
/// within words do not.
pub(super) fn escape(before: char, character: char) -> Option<&'static str> {
    match character {
        '|' => Some("\\|"),
        '\\' => Some("\\\\"),
        '*' => Some("\\*"),
        '`' => Some("\\`"),
        '[' => Some("\\["),
        '<' => Some("\\<"),
        '~' => Some("\\~"),
        '&' => Some("\\&"),
        '_' if !before.is_alphanumeric() => Some("\\_"),
        _ => None,
    }
}

/// Within code only the end of the cell and of the code mean something.
pub(super) fn escape_code(_before: char, character: char) -> Option<&'static str> {
    match character {
        '|' => Some("\\|"),
        '`' => Some("'"),
        _ => None,
    }
}
