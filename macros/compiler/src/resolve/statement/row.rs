//! The rows of the table, and the constants that labels become.

use proc_macro2::Ident;
use shapewise_core::figure::Figure;
use shapewise_core::graph::Form;

use crate::graph::{Statement as Row, constant_name};
use crate::report::Error;
use crate::resolve::draft::Draft;
use crate::resolve::findings::Findings;
use crate::resolve::scope::Flow;
use crate::syntax::tree::Statement;

impl Draft {
    /// Begins a row of the table; a group's row stands before those inside.
    pub(super) fn row(
        &mut self,
        statement: &Statement,
        depth: usize,
        findings: &mut Findings,
    ) -> Option<usize> {
        let label = statement.labels.first();
        if label.is_none() && self.hidden > 0 {
            return None;
        }
        let path = label.map_or_else(String::new, |label| self.paths.label(&label.to_string()));
        let constant = match label {
            Some(label) if self.hidden == 0 => self.constant(label, &path, findings),
            _ => None,
        };
        self.graph.statements.push(Row {
            path,
            label: label.cloned(),
            constant,
            text: statement.to_string(),
            form: statement.form(),
            depth,
            copies: 1,
            nodes: (0, 0),
            input: 0,
            output: 0,
            docs: statement.attributes.docs(),
        });
        Some(self.graph.statements.len() - 1)
    }

    /// The name of a label's constant; an error is told where it is taken.
    fn constant(&mut self, label: &Ident, path: &str, findings: &mut Findings) -> Option<String> {
        let constant = constant_name(path)?;
        if Figure::is_taken(&constant) {
            findings.tell(
                Error::new(
                    label.span(),
                    format!("the label `{label}` would have the constant `{constant}`, which is the network's own"),
                )
                .help(format!("call it `{label}_layer`")),
            );
            return None;
        }
        if let Some(other) = self.constants.get(&constant) {
            // A label that is there twice is told of where it is defined.
            if other != path {
                let error = Error::new(
                    label.span(),
                    format!(
                        "the labels `{other}` and `{path}` would both have the constant `{constant}`"
                    ),
                );
                findings.tell(error.help("give one of them another name"));
            }
            return None;
        }
        self.constants.insert(constant.clone(), path.to_owned());
        Some(constant)
    }

    /// Writes into a row what is known of the statement after its walk.
    pub(super) fn finish_row(
        &mut self,
        row: Option<usize>,
        entered: &Flow,
        left: &Flow,
        first: usize,
        copies: usize,
    ) {
        let nodes = (first, self.graph.nodes.len());
        let Some(row) = row.and_then(|row| self.graph.statements.get_mut(row)) else {
            return;
        };
        row.nodes = nodes;
        if row.form == Form::Group {
            let layers = nodes.1 - nodes.0;
            row.text = format!("{{ {layers} layer{} }}", if layers == 1 { "" } else { "s" });
        }
        row.copies = copies;
        let one = |flow: &Flow| match flow {
            Flow::Value(value) => Some(*value),
            Flow::Several(values) => values.first().copied(),
            Flow::Unknown => None,
        };
        row.input = one(entered).unwrap_or(0);
        row.output = one(left).unwrap_or(0);
    }
}
