//! Budgets of plans: what `assert train_bytes(...)` compares.

mod change;
mod keys;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use shapewise_core::analysis::{Life, Stored};
use shapewise_core::plan::{Asked, Model, Need, PlanError, Serving, Sum, Training};
use shapewise_core::report::Bytes;

use super::analysis::with_model;
use crate::graph::Resolved;
use crate::report::{Error, Place};
use crate::syntax::tree::Assertion;

pub(crate) use keys::{Given, Key, Wanted, key};

/// What can be written of a plan.
pub(crate) fn keys_of(asked: &Asked) -> impl Iterator<Item = &'static str> {
    keys::all(asked).iter().map(|key| key.name)
}

/// Which plan a metric is of, if it is of one.
pub(crate) fn metric(name: &Ident) -> Option<Asked> {
    let name = name.to_string();
    let asked = [
        Asked::Train(Training::adamw()),
        Asked::Serve(Serving::new()),
        Asked::Cache(Serving::new()),
    ];
    asked.into_iter().find(|asked| asked.metric() == name)
}

/// A plan as it was written.
#[derive(Clone, Debug)]
pub(crate) struct Written {
    /// What is asked.
    pub(crate) asked: Asked,
    /// What rustc calls on it, one after the other.
    code: TokenStream,
}

impl Written {
    /// With all that is not written as it is by default.
    pub(crate) fn new(asked: Asked) -> Self {
        Self {
            asked,
            code: TokenStream::new(),
        }
    }

    /// With what is given for a key.
    pub(crate) fn set(&mut self, key: &Key, given: &Given) {
        self.asked = keys::set(self.asked, key.name, given);
        self.code.extend(keys::code(key.name, given));
    }

    /// The plan as rustc gets it.
    pub(crate) fn code(&self) -> TokenStream {
        let calls = &self.code;
        let plan = match self.asked {
            Asked::Train(_) => quote!(Train(__shapewise::plan::Training::adamw() #calls)),
            Asked::Serve(_) => quote!(Serve(__shapewise::plan::Serving::new() #calls)),
            Asked::Cache(_) => quote!(Cache(__shapewise::plan::Serving::new() #calls)),
        };
        quote!(__shapewise::plan::Asked::#plan)
    }
}

/// What a plan takes of a network, and places to find that.
pub(super) struct Planner<'m, 'g> {
    graph: &'g Resolved,
    model: &'m Model<'m>,
    stored: Vec<Stored>,
    sums: Vec<Sum>,
    lives: Vec<Life>,
}

impl Planner<'_, '_> {
    pub(super) fn need(&mut self, asked: &Asked) -> Result<Need, PlanError> {
        let own = self.graph.dtype;
        Ok(match asked {
            Asked::Train(plan) => {
                Need::Train(plan.need(self.model, own, &mut self.stored, &mut self.sums)?)
            }
            Asked::Serve(plan) => Need::Serve(plan.need(&self.model.flow, own, &mut self.lives)?),
            Asked::Cache(plan) => Need::Cache(plan.need(&self.model.flow, own, &mut self.lives)?),
        })
    }
}

/// Checks a budget of a plan; gives what it takes, or the error where it does not hold or the
/// plan cannot be.
pub(crate) fn check(
    graph: &Resolved,
    assertion: &Assertion,
    written: &Written,
    bound: u64,
) -> Result<Need, Error> {
    with_model(graph, |model, layers| {
        let values = model.flow.values();
        let mut planner = Planner {
            graph,
            model,
            stored: vec![Stored::NONE; values],
            sums: vec![Sum::NOTHING; model.spans.len()],
            lives: vec![Life::NONE; values],
        };
        let place = Place::at(assertion.metric.span()).to(assertion.bound.place);
        let need = match planner.need(&written.asked) {
            Ok(need) => need,
            Err(error) => {
                let told = Error::new(place, error.to_string());
                return Err(match meant(&mut planner, &written.asked, &error) {
                    Some(help) => told.help(help),
                    None => told,
                });
            }
        };
        if assertion.comparison.holds(need.bytes().cmp(&bound)) {
            return Ok(need);
        }
        let mut error = Error::new(place, headline(graph, assertion, &need, bound))
            .fact("difference", difference(need.bytes(), bound))
            .fact("needs", parts(&need))
            .fact("largest", largest(graph, &planner, layers, &need));
        if need.bytes() > bound {
            let fits = |need: &Need| assertion.comparison.holds(need.bytes().cmp(&bound));
            error = match change::proposed(&mut planner, &written.asked, &fits) {
                Some(help) => error.help(help),
                None => error.fact("tried", "no batch, checkpointing or number of devices fits"),
            };
        }
        Err(error)
    })
}

/// The plan nearby that can be.
fn meant(planner: &mut Planner<'_, '_>, asked: &Asked, error: &PlanError) -> Option<String> {
    /// So many numbers are tried.
    const MOST: usize = 1024;
    let mut fewer = |name: &str, than: u64| {
        (1..than).rev().take(MOST).find_map(|count| {
            let asked = keys::set(*asked, name, &Given::Count(count));
            planner.need(&asked).ok()?;
            Some(format!("`{name} = {count}`"))
        })
    };
    match *error {
        PlanError::Devices {
            devices,
            tensor,
            pipeline,
        } => {
            let each = tensor.checked_mul(pipeline).filter(|each| *each > 0)?;
            let more = devices.div_ceil(each).max(1).checked_mul(each)?;
            Some(format!("`devices = {more}`"))
        }
        PlanError::Stages { pieces, .. } if pieces > 0 => Some(format!("`pipeline = {pieces}`")),
        PlanError::Share { key, devices, .. } => fewer(key, devices),
        PlanError::Experts { expert, devices } => fewer("expert", expert.min(devices + 1)),
        PlanError::Nothing { what } => Some(format!("`{what} = 1`")),
        PlanError::Zero { .. } => Some("`zero = 3`".to_owned()),
        _ => None,
    }
}

fn headline(graph: &Resolved, assertion: &Assertion, need: &Need, bound: u64) -> String {
    let stage = match need {
        Need::Train(need) if need.stage > 0 => format!(" of stage {}", need.stage),
        _ => String::new(),
    };
    format!(
        "{} {} {} does not hold: {} needs {} on a device{stage}",
        assertion.metric,
        assertion.comparison.symbol(),
        Bytes(bound),
        graph.name,
        Bytes(need.bytes()),
    )
}

/// By how much it is more or less: in units where these say it, else in bytes.
fn difference(bytes: u64, bound: u64) -> String {
    let by = bytes.abs_diff(bound);
    let over = if bytes > bound { "more" } else { "less" };
    match by {
        0 => "equal".to_owned(),
        1..1024 => format!("{by} bytes {over}"),
        _ => format!("{} {over}", Bytes(by)),
    }
}

/// What it consists of, the largest part first.
fn parts(need: &Need) -> String {
    let mut parts: Vec<(&str, u64)> = match need {
        Need::Train(need) => need.parts().to_vec(),
        Need::Serve(need) => need.parts().to_vec(),
        Need::Cache(need) => vec![
            ("a position of a sequence", need.cache_per_token),
            ("the states of a sequence", need.states_per_sequence),
        ],
    };
    parts.retain(|(_, bytes)| *bytes > 0);
    parts.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let parts: Vec<String> = parts
        .iter()
        .map(|(name, bytes)| format!("{name} {}", Bytes(*bytes)))
        .collect();
    parts.join(", ")
}

/// The statements that have most of the largest part: of activations, or of parameters.
fn largest(graph: &Resolved, planner: &Planner<'_, '_>, layers: &[usize], need: &Need) -> String {
    let Need::Train(need) = need else {
        return String::new();
    };
    let kept = need.activations > need.parameters + need.optimizer + need.gradients;
    let amount = |piece: &Sum| match kept {
        true => piece.kept_bytes(),
        false => piece.parameters(),
    };
    let mut named: Vec<(String, u64)> = Vec::new();
    for (span, sum) in planner.model.spans.iter().zip(&planner.sums) {
        let name = layers
            .get(span.first)
            .map_or(String::new(), |own| name(graph, *own));
        match named.last_mut() {
            Some((last, bytes)) if *last == name => *bytes += amount(sum),
            _ => named.push((name, amount(sum))),
        }
    }
    named.retain(|(_, bytes)| *bytes > 0);
    named.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let parts: Vec<String> = named
        .iter()
        .take(3)
        .map(|(name, bytes)| match kept {
            true => format!("{name} {}", Bytes(*bytes)),
            false => format!("{name} {}", shapewise_core::report::Si(*bytes)),
        })
        .collect();
    let what = if kept { "activations" } else { "parameters" };
    format!("{what} of {}", parts.join(", "))
}

/// The statement that a layer is in, the outermost that is no group.
fn name(graph: &Resolved, node: usize) -> String {
    let around = graph.statements.iter().filter(|statement| {
        let (first, end) = statement.nodes;
        first <= node && node < end
    });
    let mut called = String::new();
    for statement in around {
        called = match statement.path.as_str() {
            "" => format!("`{}`", statement.text),
            path => format!("`{path}`"),
        };
        if !matches!(statement.form, shapewise_core::graph::Form::Group) {
            break;
        }
    }
    called
}
