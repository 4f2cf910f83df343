//! Repeats: a body several times, each copy with labels of its own.

use crate::report::Error;
use crate::resolve::scope::Flow;
use crate::resolve::statement::{Passed, Seat};
use crate::resolve::value::Val;
use crate::resolve::{Builder, MAX_LAYERS};
use crate::syntax::tree::{Body, Item, Repeat, Unit};

impl<'a> Builder<'a> {
    /// `repeat 3 { ... }`, `repeat i in 0..4 { ... }`
    pub(in crate::resolve) fn repeat(
        &mut self,
        unit: &'a Unit,
        repeat: &'a Repeat,
        flow: Flow,
        seat: &Seat,
    ) -> Passed {
        self.at(&flow).no_bytes(&repeat.count);
        let range = match self.at(&flow).evaluate(&repeat.count) {
            Val::Int(count) => 0..count,
            Val::Range(start, end) => start..end,
            Val::Unknown => return Flow::Unknown.into(),
            Val::Symbol(_) | Val::SymbolRange(..) => {
                self.at(&flow)
                    .must_be_known(&repeat.count, "a number of copies");
                return Flow::Unknown.into();
            }
            other => {
                self.at(&flow)
                    .unfit(&repeat.count, "a count or a range", &other);
                return Flow::Unknown.into();
            }
        };
        let copies = range
            .end
            .checked_sub(range.start)
            .and_then(|copies| usize::try_from(copies).ok());
        let Some(copies) = copies.filter(|copies| *copies <= MAX_LAYERS) else {
            let error = Error::new(
                repeat.count.place,
                format!(
                    "`{}` is no number of copies: 0 to {MAX_LAYERS} are possible",
                    repeat.count
                ),
            );
            return self.findings.refuse(unit, error).into();
        };
        if copies == 0 {
            self.unwalked(&repeat.body, repeat.index.iter().collect());
        }
        let prefix = (seat.labelled || seat.segment.is_some())
            .then(|| self.draft.paths.next(seat.segment.as_deref()));
        self.draft.hidden += 1;
        let mut passed = match prefix {
            Some(prefix) => self.in_scope(prefix.clone(), |this| {
                this.copies(unit, repeat, range, flow, Some(&prefix))
            }),
            None => self.copies(unit, repeat, range, flow, None),
        };
        self.draft.hidden -= 1;
        passed.count = copies;
        passed
    }

    /// The copies in turn.
    fn copies(
        &mut self,
        unit: &'a Unit,
        repeat: &'a Repeat,
        range: std::ops::Range<i128>,
        flow: Flow,
        prefix: Option<&str>,
    ) -> Passed {
        let mut flow = flow;
        let mut copies = Vec::new();
        let count = usize::try_from(range.end - range.start).unwrap_or(0);
        for (number, index) in range.enumerate() {
            if self.beyond_steps(unit) {
                flow = Flow::Unknown;
                break;
            }
            self.findings
                .trail
                .repeats
                .push(format!("copy {number} of `{repeat}`, counted from 0"));
            let copy = |this: &mut Self| match &repeat.index {
                // A copy is called by its number, or by the loop variable's value.
                None => this.one_copy(&repeat.body, &number.to_string(), flow, prefix),
                Some(name) => {
                    this.names.bind(name, Val::Int(index), &mut this.findings);
                    this.one_copy(&repeat.body, &index.to_string(), flow, prefix)
                }
            };
            let (left, mut labels) = self.in_structure("repeat", |this| this.in_frame(copy));
            self.findings.trail.repeats.pop();
            // What is inside of the call that a copy is, is inside of the copy.
            if prefix.is_some() && single_unit(&repeat.body) {
                labels.extend(std::mem::take(&mut self.copy_labels));
            }
            copies.push(labels);
            flow = left;
            if matches!(flow, Flow::Unknown) {
                break;
            }
        }
        // The labels of the copies that an error kept from being walked are there.
        if let Some(last) = copies.last().filter(|_| copies.len() < count) {
            let mut unwalked = last.clone();
            for label in unwalked.values_mut() {
                label.flow = Flow::Unknown;
            }
            copies.resize(count, unwalked);
        }
        Passed {
            copies,
            ..flow.into()
        }
    }

    /// A copy of this name.
    fn one_copy(&mut self, body: &'a Body, name: &str, flow: Flow, prefix: Option<&str>) -> Flow {
        match prefix {
            Some(_) if single_unit(body) => {
                self.copy_segment = Some(name.to_owned());
                let flow = self.body(body, flow);
                self.copy_segment = None;
                flow
            }
            Some(prefix) => {
                let prefix = format!("{prefix}.{name}");
                self.in_scope(prefix, |this| this.body(body, flow))
            }
            None => self.body(body, flow),
        }
    }
}

/// Whether a copy of a repeat is one unlabelled unit, which then is the copy.
fn single_unit(body: &Body) -> bool {
    let mut statements = body
        .items
        .iter()
        .filter(|item| !matches!(item, Item::Let(_)));
    matches!(
        (statements.next(), statements.next()),
        (Some(Item::Statement(statement)), None)
            if statement.labels.is_empty() && statement.units.len() == 1
    )
}
