//! Budgets: `assert params <= 61M;`.

use quote::quote;
use shapewise_core::Extents;
use shapewise_core::graph::Figure;

use super::Builder;
use super::graph::{Check, CheckKind, Code};
use super::scope::Flow;
use super::symbol::call_at;
use super::value::Val;
use crate::check::metric;
use crate::check::metric::Bound;
use crate::syntax::tree::{Assertion, Item};

impl Builder<'_> {
    /// Checks the budgets.
    ///
    /// One layer is in several figures: budgets that do not hold are one error.
    pub(super) fn assertions(&mut self) {
        let network = self.network;
        let mut unmet = Vec::new();
        for item in &network.body.items {
            if let Item::Assertion(assertion) = item {
                let figure = match metric::known(assertion, &network.body) {
                    Ok(figure) => figure,
                    Err(error) => {
                        self.tell(error);
                        continue;
                    }
                };
                let bound = self.evaluate(&assertion.bound, &Flow::Unknown);
                if bound.is_symbolic() || self.graph.symbolic_totals() {
                    self.budget_in_rustc(assertion, figure, &bound);
                    continue;
                }
                let bound = match bound {
                    Val::Int(bound) => u64::try_from(bound).ok().map(Bound::Count),
                    Val::Unknown => continue,
                    other => other
                        .extents()
                        .and_then(|extents| Extents::try_new(&extents))
                        .map(Bound::Extents),
                };
                match metric::check(&self.graph, assertion, figure, bound) {
                    Ok(None) => {}
                    Ok(Some(error)) => {
                        unmet.push(self.errors.len());
                        self.tell(error);
                    }
                    Err(error) => self.tell(error),
                }
            }
        }
        self.errors.merge(&[unmet]);
    }

    /// Has rustc check a budget.
    fn budget_in_rustc(&mut self, assertion: &Assertion, figure: Figure, bound: &Val) {
        let Some(bound) = self.number(bound) else {
            self.unfit(&assertion.bound, "a count", bound);
            return;
        };
        let count = call_at(
            assertion.bound.place,
            &quote!(symbolic::count),
            &bound.code.tokens,
        );
        self.graph.checks.push(Check {
            after: self.graph.nodes.len(),
            place: assertion.place,
            code: Code {
                tokens: count,
                reads: bound.code.reads,
            },
            kind: CheckKind::Budget {
                figure,
                comparison: assertion.comparison,
            },
        });
    }
}
