//! The report as comma-separated values.

use core::fmt::{self, Write};

use crate::report::Summary;
use crate::report::column::{Column, Style};
use crate::report::writers::{Escaped, OneLine, any, first_of};

/// Comma-separated values with a header line, quoted as in RFC 4180. Made by
/// [`Summary::csv`].
///
/// Without a choice of [columns](Summary::columns) it has all of them. Numbers
/// are written in full, without separators; a share is a fraction of 1. The first
/// column tells the rows of inputs, statements, outputs and the total apart; the
/// last one, `exact`, is `false` where the numbers are lower bounds, since a layer
/// of one's own does not say all that it costs.
///
/// A text that a spreadsheet would take for a formula, since it begins with `=`, `+`,
/// `-`, `@`, a tab or the end of a line, has `'` before it, as [OWASP] advises.
///
/// [OWASP]: https://owasp.org/www-community/attacks/CSV_Injection
#[derive(Clone, Copy, Debug)]
pub struct Csv(pub(super) Summary);

impl fmt::Display for Csv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = &self.0;
        let columns = match summary.columns {
            [] => Column::ALL,
            columns => columns,
        };
        for (i, column) in columns.iter().enumerate() {
            let title = summary.title_of(i, *column, Style::Exact);
            write_field(i, false, f, |out| out.write_str(title))?;
        }
        f.write_char('\n')?;
        for row in summary.rows() {
            for (i, column) in columns.iter().enumerate() {
                write_field(i, column.is_number(), f, |out| {
                    let mut line = OneLine::new(out);
                    summary.write_cell(&row, *column, Style::Exact, &mut line)
                })?;
            }
            f.write_char('\n')?;
        }
        Ok(())
    }
}

/// Writes a field, in quotes when it needs them.
fn write_field(
    place: usize,
    number: bool,
    f: &mut dyn Write,
    write: impl Fn(&mut dyn Write) -> fmt::Result,
) -> fmt::Result {
    if place > 0 {
        f.write_char(',')?;
    }
    let formula = !number
        && matches!(
            first_of(&write)?,
            Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n')
        );
    let write = |out: &mut dyn Write| {
        out.write_str(if formula { "'" } else { "" })?;
        write(out)
    };
    if !formula && !any(|c| matches!(c, ',' | '"' | '\n' | '\r'), write)? {
        return write(f);
    }
    f.write_char('"')?;
    write(&mut Escaped::new(f, |_, character| {
        (character == '"').then_some("\"\"")
    }))?;
    f.write_char('"')
}
