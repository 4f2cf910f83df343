//! The comparison as Markdown.

use core::fmt::{self, Write};

use super::table::{COLUMNS, write_cell};
use super::{Change, Comparison, Difference};
use crate::report::column::Column;
use crate::report::markdown::{escape, escape_code};
use crate::report::row::Row;
use crate::report::writers::{Escaped, OneLine, any};

/// Two tables in GitHub's Markdown. Made by [`Comparison::markdown`].
#[derive(Clone, Copy, Debug)]
pub struct ComparisonMarkdown(pub(super) Comparison);

impl fmt::Display for ComparisonMarkdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let comparison = &self.0;
        let graphs = [comparison.before.graph(), comparison.after.graph()];
        f.write_str("**")?;
        write_escaped(graphs[0].name(), f)?;
        f.write_str(" → ")?;
        write_escaped(graphs[1].name(), f)?;
        f.write_str("**\n\n")?;
        if comparison.shown().next().is_some() {
            f.write_str("| Change |")?;
            for column in COLUMNS {
                write!(f, " {} |", column.title())?;
            }
            f.write_str("\n| --- | --- | --- | --- | ---: | ---: |\n")?;
            for difference in comparison.shown() {
                write!(f, "| {} |", difference.change.name())?;
                for column in COLUMNS {
                    f.write_char(' ')?;
                    write_both(&difference, column, f)?;
                    f.write_str(" |")?;
                }
                f.write_char('\n')?;
            }
            f.write_char('\n')?;
        }
        comparison.write_unchanged(f)?;
        f.write_str("\n\n| Total |")?;
        for graph in graphs {
            f.write_char(' ')?;
            write_escaped(graph.name(), f)?;
            f.write_str(" |")?;
        }
        f.write_str(" Difference |\n| --- | ---: | ---: | ---: |\n")?;
        for figure in comparison.figures() {
            write!(f, "| {} | ", figure.title())?;
            figure.write(graphs[0], f)?;
            f.write_str(" | ")?;
            figure.write(graphs[1], f)?;
            f.write_str(" | ")?;
            figure.write_difference(graphs[0], graphs[1], f)?;
            f.write_str(" |\n")?;
        }
        Ok(())
    }
}

/// Writes a cell as it was and as it is, or once where it is the same.
fn write_both(difference: &Difference, column: Column, f: &mut dyn Write) -> fmt::Result {
    match (&difference.before, &difference.after) {
        (Some(before), Some(after)) if difference.change == Change::Changed => {
            write_one(before, column, f)?;
            if differs(before, after, column) {
                f.write_str(" → ")?;
                write_one(after, column, f)?;
            }
            Ok(())
        }
        (_, Some(row)) | (Some(row), None) => write_one(row, column, f),
        (None, None) => Ok(()),
    }
}

/// Whether the cells say something else.
fn differs(before: &Row, after: &Row, column: Column) -> bool {
    match column {
        Column::Layer => before.path != after.path || before.copies != after.copies,
        Column::Units => before.text != after.text,
        Column::Output => before.output != after.output,
        Column::Params => before.counts.params() != after.counts.params(),
        _ => before.counts.macs != after.counts.macs,
    }
}

fn write_one(row: &Row, column: Column, f: &mut dyn Write) -> fmt::Result {
    let cell = |out: &mut dyn Write| write_cell(row, column, out);
    if column == Column::Units && any(|_| true, cell)? {
        f.write_char('`')?;
        cell(&mut Escaped::new(f, escape_code))?;
        return f.write_char('`');
    }
    // Leading spaces mean nothing in a cell: a name in a group has its whole path.
    match column {
        Column::Layer => {
            write!(Escaped::new(f, escape), "{}", row.path)?;
            match row.copies {
                1 => Ok(()),
                copies => write!(f, " ×{copies}"),
            }
        }
        _ => cell(&mut Escaped::new(f, escape)),
    }
}

fn write_escaped(text: &str, f: &mut dyn Write) -> fmt::Result {
    OneLine::new(&mut Escaped::new(f, escape)).write_str(text)
}
