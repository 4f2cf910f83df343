//! Statements: labels, units in turn, what flows out of them.

mod expect;
mod row;
mod seat;

pub(super) use expect::is_assumed;
pub(super) use seat::Seat;

use super::Builder;
use super::expression::Evaluator;
use super::findings::Findings;
use super::scope::{Copied, Flow, Frames, Label, Labels};
use super::value::Val;
use crate::report::{Error, Place};
use crate::syntax::tree::{Expression, Statement, Unit, UnitKind};

/// What a parameter for a layer is where there is none.
pub(super) const NOTHING: &str = "none";

/// What came out of a unit.
#[derive(Debug)]
pub(super) struct Passed {
    /// What flows on.
    pub(super) flow: Flow,
    /// The labels inside of it.
    pub(super) inner: Labels,
    /// Its copies, where it is a repeat.
    pub(super) copies: Option<Vec<Copied>>,
    /// How many copies it stands for.
    pub(super) count: usize,
    /// The layer that it is.
    pub(super) node: Option<usize>,
}

impl From<Flow> for Passed {
    fn from(flow: Flow) -> Self {
        Self {
            flow,
            inner: Labels::new(),
            copies: None,
            count: 1,
            node: None,
        }
    }
}

impl<'a> Builder<'a> {
    /// Walks over a statement; gives what flows out of it.
    pub(super) fn statement(&mut self, statement: &'a Statement, flow: Flow) -> Flow {
        self.findings.check_attributes(&statement.attributes, true);
        let mut flow = match &statement.from {
            Some(from) => self.at(&flow).restart(from),
            None => flow,
        };
        let entered = flow.clone();
        let first = self.draft.graph.nodes.len();
        let row = self.draft.row(statement, self.depth, &mut self.findings);
        let mut inner = Labels::new();
        let mut copies = None;
        let mut count = 1;
        let mut main = None;
        let allowed = statement.attributes.allows("unused_value");
        self.draft.unused_allowed += usize::from(allowed);
        let copy = self.copy_segment.take();
        let is_copy = copy.is_some();
        let foreign = std::mem::take(&mut self.findings.foreign);
        let units = self.names.units(statement);
        let seats = self.at(&Flow::Unknown).seats(statement, &units, copy);
        for (unit, seat) in units.iter().zip(seats) {
            let passed = self.unit(unit, flow, &seat);
            flow = passed.flow;
            if seat.labelled || units.len() == 1 {
                inner = passed.inner;
                copies = passed.copies;
                count = passed.count;
                main = passed.node;
            }
        }
        self.findings.tell_foreign(statement, foreign);
        self.draft.unused_allowed -= usize::from(allowed);
        if let Some(expect) = &statement.expect {
            flow = self.expect(expect, statement, flow);
        }
        if is_copy {
            self.copy_labels = inner.clone();
        }
        let label = Label {
            flow: flow.clone(),
            main,
            inner,
            copies,
        };
        self.names
            .define_results(statement, &flow, &label, &mut self.findings);
        if let Some(variable) = &statement.variable {
            self.names.forget(variable);
        }
        self.draft.finish_row(row, &entered, &flow, first, count);
        if matches!(flow, Flow::Unknown) {
            self.findings.incomplete = true;
        }
        flow
    }
}

impl Evaluator<'_, '_> {
    /// The value that `from` names.
    fn restart(&mut self, from: &Expression) -> Flow {
        match self.evaluate(from) {
            Val::Flow(flow) => flow,
            Val::Unknown => Flow::Unknown,
            Val::Word(word) => {
                self.unknown_name(&word);
                Flow::Unknown
            }
            other => {
                self.findings.tell(Error::new(
                    from.place,
                    format!(
                        "`from` takes a labelled value, but `{from}` is {}",
                        other.noun()
                    ),
                ));
                Flow::Unknown
            }
        }
    }
}

impl Frames {
    /// The units of a statement, without parameters that are `none`.
    fn units<'u>(&self, statement: &'u Statement) -> Vec<&'u Unit> {
        let units = statement.units.iter();
        units.filter(|unit| !self.is_nothing(unit)).collect()
    }

    /// Whether a unit is a parameter for which the call gives no layer.
    fn is_nothing(&self, unit: &Unit) -> bool {
        let UnitKind::Call(call) = &unit.kind else {
            return false;
        };
        let value = self.value(&call.name.to_string());
        matches!(value, Some(Val::Word(word)) if word == NOTHING && call.arguments.is_empty())
    }

    /// Makes the labels of a statement readable.
    fn define_results(
        &mut self,
        statement: &Statement,
        flow: &Flow,
        whole: &Label,
        findings: &mut Findings,
    ) {
        let label = |flow| Label {
            flow,
            ..whole.clone()
        };
        match (statement.labels.as_slice(), flow) {
            ([], Flow::Several(_)) if !statement.units.is_empty() => {
                findings.tell(
                    Error::new(
                        statement.place,
                        "several values leave here, and none has a name",
                    )
                    .help("label them: `(left, right): ...`"),
                );
            }
            ([], _) => {}
            ([name], flow) => self.define(name, label(flow.clone()), findings),
            (names, Flow::Several(values)) if names.len() == values.len() => {
                for (name, value) in names.iter().zip(values) {
                    self.define(name, label(Flow::Value(*value)), findings);
                }
            }
            (names, flow) => {
                for name in names {
                    self.define(name, label(Flow::Unknown), findings);
                }
                let results = match flow {
                    Flow::Value(_) => 1,
                    Flow::Several(values) => values.len(),
                    Flow::Unknown => return,
                };
                let place = Place::at(names[0].span()).to(Place::at(names[names.len() - 1].span()));
                let results = if results == 1 {
                    "1 value".to_owned()
                } else {
                    format!("{results} values")
                };
                findings.tell(Error::new(
                    place,
                    format!("{} labels, but {results} leave the statement", names.len()),
                ));
            }
        }
    }
}
