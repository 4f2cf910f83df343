//! What the units of a statement are called: the label goes to one of them.

use proc_macro2::Ident;

use crate::resolve::expression::Evaluator;
use crate::syntax::tree::{Statement, Unit, UnitKind};

/// Where in its statement a unit stands, and what it is called there.
#[derive(Clone, Debug, Default)]
pub(in crate::resolve) struct Seat {
    /// The segment of its path; its position where there is none.
    pub(in crate::resolve) segment: Option<String>,
    /// Whether the statement's label is its own.
    pub(in crate::resolve) labelled: bool,
    /// The statement up to and with this unit, for messages.
    pub(in crate::resolve) text: String,
    /// The label of the statement, for messages.
    pub(in crate::resolve) label: Option<String>,
    /// The labels of its results.
    pub(in crate::resolve) labels: Vec<Ident>,
    /// What some of its tensors are called instead of their own names.
    pub(in crate::resolve) renamed: Vec<(String, String)>,
    /// Whether `#[flat]` asks for a block call without a scope of its own.
    pub(in crate::resolve) flat: bool,
}

impl Seat {
    /// What the unit of this name is called in a sentence.
    pub(in crate::resolve) fn called(&self, name: &str) -> String {
        match &self.label {
            Some(label) if self.labelled => format!("`{label}`"),
            Some(label) => format!("`{name}` of `{label}`"),
            None => format!("`{name}`"),
        }
    }
}

impl Evaluator<'_, '_> {
    /// What each unit of a statement is called: the label goes to the first
    /// that can have parameters, the others are `label.kind`. `copy` is the name of
    /// the copy that the statement is.
    pub(super) fn seats(
        &mut self,
        statement: &Statement,
        units: &[&Unit],
        copy: Option<String>,
    ) -> Vec<Seat> {
        let name = self.name_attribute(&statement.attributes).or(copy);
        let label = statement.labels.first().map(ToString::to_string);
        let base = name.or_else(|| label.clone());
        let main = units
            .iter()
            .position(|unit| self.weighted(unit))
            .unwrap_or(0);
        let mut kinds: Vec<String> = Vec::new();
        if let Some(unit) = units.get(main) {
            kinds.push(self.kind_name(unit));
        }
        let mut text = String::new();
        let mut seats = Vec::new();
        for (i, unit) in units.iter().enumerate() {
            if i > 0 {
                text.push_str(", ");
            }
            text.push_str(&unit.to_string());
            let own = self.name_attribute(&unit.attributes);
            let mut renamed = self.findings.tensor_attribute(&unit.attributes);
            let mut flat = unit.attributes.find("flat").is_some();
            if i == main {
                flat = flat || statement.attributes.find("flat").is_some();
                renamed.extend(self.findings.tensor_attribute(&statement.attributes));
            }
            let segment = match (&base, own) {
                (_, Some(own)) => Some(own),
                (Some(base), None) if i == main => Some(base.clone()),
                (Some(base), None) => {
                    let kind = self.kind_name(unit);
                    let before = kinds.iter().filter(|earlier| **earlier == kind).count();
                    kinds.push(kind.clone());
                    Some(match before {
                        0 => format!("{base}.{kind}"),
                        _ => format!("{base}.{kind}_{}", before + 1),
                    })
                }
                (None, None) => None,
            };
            seats.push(Seat {
                segment,
                labelled: i == main && label.is_some(),
                text: match &label {
                    Some(label) => format!("{label}: {text}"),
                    None => text.clone(),
                },
                label: label.clone(),
                labels: if i + 1 == units.len() {
                    statement.labels.clone()
                } else {
                    Vec::new()
                },
                renamed,
                flat,
            });
        }
        seats
    }

    /// Whether a unit is of a kind that can have parameters.
    fn weighted(&self, unit: &Unit) -> bool {
        match &unit.kind {
            UnitKind::Call(call) => {
                let name = self.names.layer(&call.name);
                shapewise_core::catalogue::find(&name.to_string())
                    .is_none_or(|entry| entry.weighted)
            }
            _ => true,
        }
    }

    fn kind_name(&self, unit: &Unit) -> String {
        match &unit.kind {
            UnitKind::Call(call) => self.names.layer(&call.name).to_string(),
            UnitKind::Merge(merge) => merge.call.name.to_string(),
            UnitKind::Path(_) => "network".to_owned(),
            UnitKind::Custom(_) => "custom".to_owned(),
            UnitKind::Group(_) => "group".to_owned(),
            UnitKind::Residual(_) => "residual".to_owned(),
            UnitKind::Repeat(_) => "repeat".to_owned(),
            UnitKind::If(_) => "if".to_owned(),
        }
    }
}
