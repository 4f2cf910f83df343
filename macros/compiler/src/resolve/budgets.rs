//! Budgets: `assert params <= 61M;`.

use quote::quote;
use shapewise_core::arithmetic::Comparison;
use shapewise_core::figure::{Figure, Unit};
use shapewise_core::plan::Asked;
use shapewise_core::{Extents, MAX_RANK};

use super::expression::Evaluator;
use super::symbol::call_at;
use super::value::Val;
use crate::check::figure::Unknown;
use crate::check::metric;
use crate::check::metric::Bound;
use crate::check::plan::{self, Given, Key, Wanted, Written};
use crate::graph::{CheckKind, Code, Planned};
use crate::report::Error;
use crate::syntax::tree::{Argument, Assertion, Expression, ExpressionKind, Item};

impl Evaluator<'_, '_> {
    /// Tells of metrics that there are not, where figures are not known.
    pub(super) fn unknown_metrics(&mut self) {
        let network = self.source.network;
        for item in &network.body.items {
            if let Item::Assertion(assertion) = item
                && plan::metric(&assertion.metric).is_none()
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
                if let Some(asked) = plan::metric(&assertion.metric) {
                    self.plan(assertion, asked);
                    continue;
                }
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

    /// Checks a budget of a plan.
    fn plan(&mut self, assertion: &Assertion, asked: Asked) {
        let before = self.findings.errors.len();
        let mut written = Written::new(asked);
        let mut names: Vec<String> = Vec::new();
        for argument in assertion.plan.iter().flatten() {
            let Some(key) = self.key(&asked, argument, &names) else {
                continue;
            };
            names.push(key.name.to_owned());
            if let Some(given) = self.value_of(key, &argument.value) {
                written.set(key, &given);
            }
        }
        let bound = self.evaluate(&assertion.bound);
        if self.findings.errors.len() > before {
            return;
        }
        let unknown = Unknown::of(self.graph).has(Figure::TrainActivationBytes);
        if bound.is_symbolic() || unknown {
            let Some(code) = self.bound_code(assertion, Figure::Params, &bound) else {
                self.unfit(&assertion.bound, "a number of bytes", &bound);
                return;
            };
            let kind = CheckKind::Plan {
                asked: written.code(),
                comparison: assertion.comparison,
            };
            self.check(assertion.place, code, None, kind);
            return;
        }
        match bound {
            Val::Unknown => {}
            Val::Int(bytes) if u64::try_from(bytes).is_ok() => {
                let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
                match plan::check(self.graph, assertion, &written, bytes) {
                    Ok(need) => self.findings.plans.push(Planned {
                        text: as_written(assertion),
                        need,
                        bound: bytes,
                    }),
                    Err(error) => self.findings.tell(error),
                }
            }
            other => self.unfit(&assertion.bound, "a number of bytes", &other),
        }
    }

    /// What an argument of a plan is about; nothing where that is not known.
    fn key(
        &mut self,
        asked: &Asked,
        argument: &Argument,
        names: &[String],
    ) -> Option<&'static Key> {
        let metric = asked.metric();
        let Some(name) = &argument.name else {
            let headline = format!("`{}` does not say what it is of the plan", argument.value);
            let error = Error::new(argument.place(), headline);
            self.findings.tell(error.help(format!(
                "it is written as in `{metric}({} = 8)`",
                plan::keys_of(asked).next().unwrap_or_default()
            )));
            return None;
        };
        let text = name.to_string();
        if names.contains(&text) {
            let error = Error::new(argument.place(), format!("`{text}` is given twice"));
            self.findings.tell(error.help("leave one of the two out"));
            return None;
        }
        match plan::key(asked, &text) {
            Ok(key) => Some(key),
            Err(near) => {
                let error = Error::new(name.span(), format!("`{metric}` has no `{text}`"));
                self.findings.tell(match near {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => {
                        let all: Vec<&str> = plan::keys_of(asked).collect();
                        error.help(format!("it has {}", all.join(", ")))
                    }
                });
                None
            }
        }
    }

    /// What is given for a key; nothing where that does not fit.
    fn value_of(&mut self, key: &Key, value: &Expression) -> Option<Given> {
        if let Wanted::Word(words) = key.wanted {
            let words = words();
            if let ExpressionKind::Word(word) = &value.kind
                && words.contains(&word.to_string().as_str())
            {
                return Some(Given::Word(word.to_string()));
            }
            let headline = format!("`{value}` is no `{}` of a plan", key.name);
            let error = Error::new(value.place, headline);
            let near = crate::suggest::nearest(&value.to_string(), words.iter().copied());
            self.findings.tell(match near {
                Some(near) => error.help(format!("did you mean `{near}`?")),
                None => error.help(format!("it is written {}", words.join(", "))),
            });
            return None;
        }
        let found = self.evaluate(value);
        match (key.wanted, &found) {
            (_, Val::Unknown) => None,
            (Wanted::Count, Val::Int(count)) if u64::try_from(*count).is_ok() => {
                Some(Given::Count(u64::try_from(*count).unwrap_or(u64::MAX)))
            }
            (Wanted::Truth, Val::Bool(truth)) => Some(Given::Truth(*truth)),
            (Wanted::Truth, _) => {
                self.unfit(value, "`true` or `false`", &found);
                None
            }
            _ => {
                self.unfit(value, "a count", &found);
                None
            }
        }
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

/// `train_bytes(batch = 64)`
fn as_written(assertion: &Assertion) -> String {
    let metric = &assertion.metric;
    let Some(plan) = &assertion.plan else {
        return metric.to_string();
    };
    let arguments = plan.iter().map(|argument| match &argument.name {
        Some(name) => format!("{name} = {}", argument.value),
        None => argument.value.to_string(),
    });
    format!("{metric}({})", arguments.collect::<Vec<_>>().join(", "))
}
