//! The report as a drawing's source for Graphviz.

use core::fmt::{self, Write};

use crate::number::Grouped;
use crate::report::groups::{groups_of, opened};
use crate::report::row::{Row, RowKind};
use crate::report::units::maker;
use crate::report::writers::{Escaped, OneLine, cut};
use crate::report::{Rows, Summary};

/// The network in the language of Graphviz: a box per row, groups that were
/// [opened](Summary::depth) drawn around theirs, and the shapes on the edges. Made by
/// [`Summary::dot`]; `dot -Tsvg` draws it.
#[derive(Clone, Copy, Debug)]
pub struct Dot(pub(super) Summary);

/// The most columns of a box's line.
const MOST: usize = 60;

impl fmt::Display for Dot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let summary = &self.0;
        f.write_str("digraph \"")?;
        Escaped::new(f, escape).write_str(summary.graph.name())?;
        f.write_str("\" {\n")?;
        f.write_str("  node [shape=box, style=\"rounded,filled\", fillcolor=\"#f6f8fa\", ")?;
        f.write_str("color=\"#8c959f\", fontname=\"Helvetica\", fontsize=11];\n")?;
        f.write_str("  edge [color=\"#57606a\", fontname=\"Helvetica\", fontsize=9];\n")?;
        self.write_boxes(f)?;
        for row in self.rows().filter(has_box) {
            for value in row.sources() {
                self.write_edge(value, &row, f)?;
            }
        }
        f.write_str("}\n")
    }
}

impl Dot {
    /// Every row, whether or not tables have one for inputs and outputs.
    fn rows(&self) -> Rows {
        let summary = self.0.input_row(true).output_row(true).total_row(false);
        summary.rows()
    }

    fn write_boxes(&self, f: &mut dyn Write) -> fmt::Result {
        let (mut open, mut groups) = (0, 0);
        for row in self.rows() {
            while open > row.depth {
                write_indented(open, f, "}\n")?;
                open -= 1;
            }
            if row.opened {
                write_indented(row.depth + 1, f, "subgraph cluster_")?;
                writeln!(f, "{groups} {{")?;
                groups += 1;
                open += 1;
                let style = "color=\"#8c959f\"; fontname=\"Helvetica\"; fontsize=11; label=\"";
                write_indented(row.depth + 2, f, style)?;
                self.write_label(&row, f)?;
                f.write_str("\";\n")?;
            } else if has_box(&row) {
                write_indented(row.depth + 1, f, "")?;
                write_id(&row, f)?;
                f.write_str(" [label=\"")?;
                self.write_label(&row, f)?;
                f.write_str(match row.kind {
                    RowKind::Input | RowKind::Output => "\", shape=oval];\n",
                    _ => "\"];\n",
                })?;
            }
        }
        while open > 0 {
            write_indented(open, f, "}\n")?;
            open -= 1;
        }
        Ok(())
    }

    /// Name, units and parameters or shape, a line each.
    fn write_label(&self, row: &Row, f: &mut dyn Write) -> fmt::Result {
        let mut out = Escaped::new(f, escape);
        let mut out = OneLine::new(&mut out);
        match self.0.names {
            Some(names) => names(row, &mut out)?,
            None => write!(out, "{}", row.short_path())?,
        }
        if row.copies > 1 {
            write!(out, " ×{}", row.copies)?;
        }
        if row.nodes.is_empty() {
            f.write_str("\\n")?;
            return self.0.write_shape(row.output, &mut Escaped::new(f, escape));
        }
        if !row.opened {
            f.write_str("\\n")?;
            let units = row.units();
            cut(MOST, &mut Escaped::new(f, escape), |out| {
                write!(out, "{units}")
            })?;
        }
        match row.counts.params() {
            0 => Ok(()),
            params => write!(f, "\\n{} parameters", Grouped(params)),
        }
    }

    fn write_edge(&self, value: usize, to: &Row, f: &mut dyn Write) -> fmt::Result {
        let shape = match maker(&self.0, value) {
            None => {
                write!(f, "  input{value}")?;
                self.0.graph.values()[value]
            }
            Some(leaf) => {
                write!(f, "  row{}", self.box_of(leaf.place()))?;
                leaf.result(value - leaf.output())
            }
        };
        f.write_str(" -> ")?;
        write_id(to, f)?;
        f.write_str(" [label=\"")?;
        self.0
            .write_shape(Some(shape), &mut Escaped::new(f, escape))?;
        f.write_str("\"];\n")
    }

    /// The first layer of the box in which a layer stands.
    fn box_of(&self, node: usize) -> usize {
        let summary = &self.0;
        let statements = summary.graph.statements().iter().enumerate();
        let mut boxes = statements.filter(|(index, statement)| {
            let (first, end) = statement.nodes;
            first < end && summary.shows(statement) && !opened(summary, *index)
        });
        let around = boxes
            .clone()
            .find(|(_, statement)| (statement.nodes.0..statement.nodes.1).contains(&node));
        if let Some((_, statement)) = around {
            return statement.nodes.0;
        }
        if groups_of(summary, node).all(|(_, group)| group.copies == 1) {
            return node;
        }
        // Of a repeat only the first copy may have boxes: the last of them stands
        // for all.
        let last = boxes.rfind(|(_, statement)| statement.nodes.0 <= node);
        last.map_or(node, |(_, statement)| statement.nodes.0)
    }
}

/// Whether the row is drawn as a box: no group that was opened, and nothing that
/// only passes a value on.
fn has_box(row: &Row) -> bool {
    let empty = row.kind == RowKind::Statement && row.nodes.is_empty();
    !row.opened && !empty
}

fn write_id(row: &Row, f: &mut dyn Write) -> fmt::Result {
    match row.kind {
        RowKind::Input => write!(f, "input{}", row.first),
        RowKind::Output => write!(f, "output{}", row.first),
        _ => write!(f, "row{}", row.first),
    }
}

fn write_indented(depth: usize, f: &mut dyn Write, text: &str) -> fmt::Result {
    write!(f, "{:1$}{text}", "", 2 * depth)
}

/// Within quotes; a backslash would begin one of Graphviz's own escapes.
fn escape(_before: char, character: char) -> Option<&'static str> {
    match character {
        '"' => Some("\\\""),
        '\\' => Some("\\\\"),
        '\n' | '\r' | '\t' => Some(" "),
        _ => None,
    }
}
