//! Budgets: `assert params <= 61M;`.

use quote::quote;
use shapewise_core::arithmetic::Comparison;
use shapewise_core::figure::{Figure, Unit};
use shapewise_core::{Extents, MAX_RANK};

use super::expression::Evaluator;
use super::symbol::call_at;
use super::value::Val;
use crate::check::figure::Unknown;
use crate::check::metric;
use crate::check::metric::Bound;
use crate::graph::{CheckKind, Code};
use crate::syntax::tree::{Assertion, Item};

impl Evaluator<'_, '_> {
    /// Tells of metrics that there are not, where figures are not known.
    pub(super) fn unknown_metrics(&mut self) {
        let network = self.source.network;
        for item in &network.body.items {
            if let Item::Assertion(assertion) = item
                && let Err(error) = metric::known(assertion, &network.body)
            {
                self.findings.tell(error);
            }
        }
    }

    /// Checks the budgets.
    ///
    /// One layer is in several figures: of exact ones, `params == 61_706`, those that do not
    /// hold are one error. Each bound is one of its own.
    pub(super) fn assertions(&mut self) {
        let network = self.source.network;
        let mut unmet = Vec::new();
        for item in &network.body.items {
            if let Item::Assertion(assertion) = item {
                let figure = match metric::known(assertion, &network.body) {
                    Ok(figure) => figure,
                    Err(error) => {
                        self.findings.tell(error);
                        continue;
                    }
                };
                let bound = self.evaluate(&assertion.bound);
                if bound.is_symbolic() || Unknown::of(self.graph).has(figure) {
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
                match metric::check(self.graph, assertion, figure, bound) {
                    Ok(None) => {}
                    Ok(Some(error)) => {
                        if assertion.comparison == Comparison::Equal {
                            unmet.push(self.findings.errors.len());
                        }
                        self.findings.tell(error);
                    }
                    Err(error) => self.findings.tell(error),
                }
            }
        }
        self.findings.errors.merge(&[unmet]);
    }

    /// Has rustc check a budget.
    fn budget_in_rustc(&mut self, assertion: &Assertion, figure: Figure, bound: &Val) {
        let Some(code) = self.bound_code(assertion, figure, bound) else {
            let wanted = match figure.unit() {
                Unit::Axes => "a number for each axis",
                _ => "a count",
            };
            self.unfit(&assertion.bound, wanted, bound);
            return;
        };
        let kind = CheckKind::Budget {
            figure,
            comparison: assertion.comparison,
        };
        self.check(assertion.place, code, None, kind);
    }

    /// What rustc compares a figure with.
    fn bound_code(&self, assertion: &Assertion, figure: Figure, bound: &Val) -> Option<Code> {
        let place = assertion.bound.place;
        let axes = match bound {
            Val::Extents(axes) => axes.iter().map(|axis| Val::Int(*axis as i128)).collect(),
            Val::List(axes) => axes.clone(),
            _ => Vec::new(),
        };
        if figure.unit() == Unit::Axes && (1..=MAX_RANK).contains(&axes.len()) {
            return Some(self.world.extents_code(&axes, place)?.map(
                |axes| quote!(__shapewise::Amount::Axes(__shapewise::Extents::new(&[#axes]))),
            ));
        }
        Some(self.world.number(bound)?.code.map(|number| {
            let count = call_at(place, &quote!(symbolic::count), &number);
            quote!(__shapewise::Amount::Number(#count))
        }))
    }
}
