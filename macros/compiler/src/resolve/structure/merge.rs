//! Merges of branches: `concat { branch { ... } branch { ... } }`.

use shapewise_core::catalogue;
use shapewise_core::catalogue::Inputs;

use crate::report::Error;
use crate::resolve::Builder;
use crate::resolve::call::Applying;
use crate::resolve::call::habits::usage;
use crate::resolve::scope::{Flow, Label, Labels};
use crate::resolve::statement::{Passed, Seat};
use crate::syntax::tree::{Home, Merge, Unit};

impl<'a> Builder<'a> {
    /// `concat { branch { ... } branch { ... } }`
    pub(in crate::resolve) fn merge(
        &mut self,
        unit: &'a Unit,
        merge: &'a Merge,
        flow: &Flow,
        seat: &Seat,
    ) -> Passed {
        let name = &merge.call.name;
        let entry = catalogue::find(&name.to_string());
        let Some(entry) = entry.filter(|entry| entry.inputs == Inputs::Merge) else {
            let merges: Vec<String> = catalogue::entries()
                .filter(|entry| entry.inputs == Inputs::Merge)
                .map(|entry| format!("`{}`", entry.name))
                .collect();
            let error = match entry {
                Some(layer) if merge.branches.is_empty() => {
                    Error::new(name.span(), format!("`{name}` takes no layers in braces"))
                        .help(format!("it is written `{}`", usage(layer)))
                }
                _ => Error::new(name.span(), format!("`{name}` takes no branches"))
                    .help(format!("branches are merged by {}", merges.join(", "))),
            };
            return self.findings.refuse(unit, error).into();
        };
        let scoped = seat.labelled || seat.segment.is_some();
        let prefix = if scoped {
            Some(self.draft.paths.next(seat.segment.as_deref()))
        } else {
            None
        };
        let given = self.at(flow).given(&merge.call);
        let (operands, inner) = match &prefix {
            Some(prefix) => self.in_scope(prefix.clone(), |this| {
                this.in_frame(|this| this.branches(merge, flow))
            }),
            None => (self.branches(merge, flow), Labels::new()),
        };
        let applying = Applying {
            unit,
            name: name.clone(),
            home: Home::OWN,
            given,
        };
        let path = prefix.unwrap_or_else(|| self.draft.paths.next(None));
        let mut layers = self.layers();
        Passed {
            inner,
            ..layers.layer_at(&applying, entry, operands, flow, seat, path)
        }
    }

    /// What comes out of each branch.
    fn branches(&mut self, merge: &'a Merge, flow: &Flow) -> Vec<Flow> {
        let mut operands = Vec::new();
        for branch in &merge.branches {
            self.findings.check_attributes(&branch.attributes, false);
            let Some(label) = &branch.label else {
                let body = |this: &mut Self| this.body(&branch.body, flow.clone());
                operands.push(self.in_structure("branch", body));
                continue;
            };
            let segment = self
                .at(&Flow::Unknown)
                .name_attribute(&branch.attributes)
                .unwrap_or_else(|| label.to_string());
            let prefix = self.draft.paths.label(&segment);
            let passed = self.in_structure("branch", |this| {
                this.in_scope(prefix, |this| this.nested(&branch.body, flow.clone(), true))
            });
            let value = Label {
                inner: passed.inner,
                ..Label::of(passed.flow.clone())
            };
            self.names.define(label, value, &mut self.findings);
            operands.push(passed.flow);
        }
        operands
    }
}
