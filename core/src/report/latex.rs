//! The report as a LaTeX table.

use core::fmt::{self, Write};

use crate::report::Summary;
use crate::report::column::{Column, Style};
use crate::report::row::RowKind;
use crate::report::writers::{Escaped, OneLine};

/// A LaTeX `tabular`, to be put into a `table`. Made by [`Summary::latex`]. It needs
/// the package `booktabs`.
#[derive(Clone, Copy, Debug)]
pub struct Latex(pub(super) Summary);

impl fmt::Display for Latex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = &self.0;
        let columns = summary.table_columns();
        if summary.heading {
            f.write_str("% ")?;
            summary.write_heading(&mut OneLine::new(f))?;
            f.write_char('\n')?;
        }
        f.write_str("\\begin{tabular}{")?;
        for column in columns {
            f.write_char(if column.is_number() { 'r' } else { 'l' })?;
        }
        f.write_str("}\n\\toprule\n")?;
        for (i, column) in columns.iter().enumerate() {
            let title = summary.title_of(i, *column, Style::Human);
            separate(i, f)?;
            escaped(f, |out| out.write_str(title))?;
        }
        f.write_str(" \\\\\n\\midrule\n")?;
        for row in summary.rows() {
            if row.kind == RowKind::Total {
                f.write_str("\\midrule\n")?;
            }
            for (i, column) in columns.iter().enumerate() {
                separate(i, f)?;
                escaped(f, |out| {
                    summary.write_cell(&row, *column, Style::Human, out)
                })?;
                if let (Column::Layer, 2..) = (column, row.copies) {
                    write!(f, " $\\times$ {}", row.copies)?;
                }
            }
            f.write_str(" \\\\\n")?;
        }
        f.write_str("\\bottomrule\n\\end{tabular}\n")
    }
}

fn separate(place: usize, f: &mut dyn Write) -> fmt::Result {
    f.write_str(if place > 0 { " & " } else { "" })
}

fn escaped(f: &mut dyn Write, write: impl Fn(&mut dyn Write) -> fmt::Result) -> fmt::Result {
    write(&mut OneLine::new(&mut Escaped::new(f, escape)))
}

fn escape(_before: char, character: char) -> Option<&'static str> {
    match character {
        '\\' => Some("\\textbackslash{}"),
        '~' => Some("\\textasciitilde{}"),
        '^' => Some("\\textasciicircum{}"),
        '<' => Some("\\textless{}"),
        '>' => Some("\\textgreater{}"),
        '|' => Some("\\textbar{}"),
        '"' => Some("\\textquotedbl{}"),
        '#' => Some("\\#"),
        '$' => Some("\\$"),
        '%' => Some("\\%"),
        '&' => Some("\\&"),
        '_' => Some("\\_"),
        '{' => Some("\\{"),
        '}' => Some("\\}"),
        _ => None,
    }
}
