//! Structure: groups, residuals, branches, repeats, conditions, and the labels
//! inside of them.

use proc_macro2::Ident;
use shapewise_core::catalogue::{self, Inputs};
use shapewise_core::layer::Projection;

use super::call::Applying;
use super::scope::{Flow, Frame, Label, Labels};
use super::statement::{Passed, Seat};
use super::suggest::nearest;
use super::value::Val;
use super::{Builder, MAX_LAYERS};
use crate::report::{Error, Place};
use crate::syntax::tree::{
    Body, Expression, ExpressionKind, If, Item, Merge, Repeat, Residual, Unit, UnitKind,
};

impl<'a> Builder<'a> {
    /// `{ ... }`: a named part.
    pub(super) fn group(&mut self, body: &'a Body, flow: Flow, seat: &Seat) -> Passed {
        let prefix = self.next_path(seat.segment.as_deref());
        self.in_scope(prefix, |this| this.nested(body, flow, seat.labelled))
    }

    /// A body whose labels are the statement's own when it is labelled, and stay
    /// readable after it when it is not.
    fn nested(&mut self, body: &'a Body, flow: Flow, labelled: bool) -> Passed {
        if !labelled {
            return self.body(body, flow).into();
        }
        self.frames.push(Frame::nested());
        let flow = self.body(body, flow);
        let frame = self.frames.pop();
        Passed {
            inner: frame.map(|frame| frame.labels).unwrap_or_default(),
            ..flow.into()
        }
    }

    /// `residual { ... } shortcut { ... }`
    pub(super) fn residual(
        &mut self,
        unit: &'a Unit,
        residual: &'a Residual,
        flow: Flow,
        seat: &Seat,
    ) -> Passed {
        if seat.labelled || seat.segment.is_some() {
            let prefix = self.next_path(seat.segment.as_deref());
            return self.in_scope(prefix, |this| {
                let mut passed = None;
                let labelled = seat.labelled;
                if labelled {
                    this.frames.push(Frame::nested());
                }
                let inner = this.residual_body(unit, residual, flow, seat);
                if labelled && let Some(frame) = this.frames.pop() {
                    passed = Some(frame.labels);
                }
                Passed {
                    inner: passed.unwrap_or_default(),
                    ..inner.into()
                }
            });
        }
        self.residual_body(unit, residual, flow, seat).into()
    }

    fn residual_body(
        &mut self,
        unit: &'a Unit,
        residual: &'a Residual,
        flow: Flow,
        seat: &Seat,
    ) -> Flow {
        let added = match &residual.condition {
            Some(condition) => match self.condition(condition, &flow) {
                Some(added) => added,
                None => return Flow::Unknown,
            },
            None => true,
        };
        let out = self.body(&residual.body, flow.clone());
        if !added {
            return out;
        }
        let mut shortcut = flow.clone();
        if let Some((condition, body)) = &residual.shortcut {
            let taken = match condition {
                Some(condition) => match self.condition(condition, &flow) {
                    Some(taken) => taken,
                    None => return Flow::Unknown,
                },
                None => true,
            };
            if taken {
                shortcut = self.body(body, flow);
            }
        }
        let (Flow::Value(out), Flow::Value(shortcut)) = (&out, &shortcut) else {
            return Flow::Unknown;
        };
        self.sum(unit, *out, *shortcut, seat)
    }

    /// The addition at the end of a residual.
    fn sum(&mut self, unit: &'a Unit, out: usize, shortcut: usize, seat: &Seat) -> Flow {
        let entry = catalogue::ADDITION;
        // Where only rustc knows a shape, the addition's own rule finds it.
        let symbolic = self.graph.values[out].symbolic || self.graph.values[shortcut].symbolic;
        if !symbolic && let Some(error) = self.residual_mismatch(unit, out, shortcut) {
            self.tell_of(unit, error);
            return Flow::Unknown;
        }
        let applying = Applying {
            unit,
            name: Ident::new(entry.name, unit.place.first),
            given: Vec::new(),
        };
        let path = self.implicit_path(entry.name);
        let operands = vec![Flow::Value(out), Flow::Value(shortcut)];
        self.layer_at(&applying, entry, operands, &Flow::Unknown, seat, path)
            .flow
    }

    /// The error for a residual whose two ways differ.
    fn residual_mismatch(&self, unit: &Unit, out: usize, shortcut: usize) -> Option<Error> {
        let (body, skip) = (&self.graph.values[out], &self.graph.values[shortcut]);
        if body.shape == skip.shape {
            return None;
        }
        let has_shortcut =
            matches!(&unit.kind, UnitKind::Residual(residual) if residual.shortcut.is_some());
        let error = Error::new(
            Place::at(unit.place.first),
            format!(
                "the body of the residual gives {}, but what it is added to is {}",
                body.shape, skip.shape
            ),
        )
        .fact("body", format!("{}, from {}", body.shape, body.origin))
        .fact("shortcut", format!("{}, from {}", skip.shape, skip.origin));
        let error = self.since(error, shortcut, out);
        if has_shortcut {
            return Some(error.help(self.agreeing(shortcut, out)));
        }
        let same_axes = body.shape.rank() == skip.shape.rank() && body.shape.spatial_rank() > 0;
        Some(
            if let Some(layer) = Projection::between(&skip.shape, &body.shape) {
                error.help(format!("`shortcut {{ {layer} }}` after the body"))
            } else if same_axes && body.shape.channels() == skip.shape.channels() {
                error.help(self.agreeing(shortcut, out))
            } else {
                error.help("both ways must have the same shape: keep it in the body by `padding = half`, or give the shortcut layers of its own")
            },
        )
    }

    /// `concat { branch { ... } branch { ... } }`
    pub(super) fn merge(
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
            let error = Error::new(name.span(), format!("`{name}` takes no branches"))
                .help(format!("branches are merged by {}", merges.join(", ")));
            self.tell_of(unit, error);
            return Flow::Unknown.into();
        };
        let scoped = seat.labelled || seat.segment.is_some();
        let prefix = if scoped {
            Some(self.next_path(seat.segment.as_deref()))
        } else {
            None
        };
        let given = self.given(&merge.call, flow);
        let mut inner = Labels::new();
        let operands = match &prefix {
            Some(prefix) => self.in_scope(prefix.clone(), |this| {
                this.frames.push(Frame::nested());
                let operands = this.branches(merge, flow);
                if let Some(frame) = this.frames.pop() {
                    inner = frame.labels;
                }
                operands
            }),
            None => self.branches(merge, flow),
        };
        let applying = Applying {
            unit,
            name: name.clone(),
            given,
        };
        let path = prefix.unwrap_or_else(|| self.next_path(None));
        Passed {
            inner,
            ..self.layer_at(&applying, entry, operands, flow, seat, path)
        }
    }

    fn branches(&mut self, merge: &'a Merge, flow: &Flow) -> Vec<Flow> {
        let mut operands = Vec::new();
        for branch in &merge.branches {
            self.check_attributes(&branch.attributes, false);
            let Some(label) = &branch.label else {
                operands.push(self.body(&branch.body, flow.clone()));
                continue;
            };
            let segment = self
                .name_attribute(&branch.attributes)
                .unwrap_or_else(|| label.to_string());
            let prefix = self.label_path(&segment);
            let passed =
                self.in_scope(prefix, |this| this.nested(&branch.body, flow.clone(), true));
            let value = Label {
                flow: passed.flow.clone(),
                main: passed.node,
                inner: passed.inner,
                copies: Vec::new(),
            };
            self.define(label, value);
            operands.push(passed.flow);
        }
        operands
    }

    /// `repeat 3 { ... }`, `repeat i in 0..4 { ... }`
    pub(super) fn repeat(
        &mut self,
        unit: &'a Unit,
        repeat: &'a Repeat,
        flow: Flow,
        seat: &Seat,
    ) -> Passed {
        let range = match self.evaluate(&repeat.count, &flow) {
            Val::Int(count) => 0..count,
            Val::Range(start, end) => start..end,
            Val::Unknown => return Flow::Unknown.into(),
            Val::Symbol(_) | Val::SymbolRange(..) => {
                self.must_be_known(&repeat.count, "a number of copies");
                return Flow::Unknown.into();
            }
            other => {
                self.unfit(&repeat.count, "a count or a range", &other);
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
            self.tell_of(unit, error);
            return Flow::Unknown.into();
        };
        let prefix = (seat.labelled || seat.segment.is_some())
            .then(|| self.next_path(seat.segment.as_deref()));
        self.hidden += 1;
        let mut passed = match prefix {
            Some(prefix) => self.in_scope(prefix.clone(), |this| {
                this.copies(unit, repeat, range, flow, Some(&prefix))
            }),
            None => self.copies(unit, repeat, range, flow, None),
        };
        self.hidden -= 1;
        passed.count = copies;
        passed
    }

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
        let single = single_unit(&repeat.body);
        let count = usize::try_from(range.end - range.start).unwrap_or(0);
        for (number, index) in range.enumerate() {
            if self.beyond_steps(unit) {
                flow = Flow::Unknown;
                break;
            }
            self.repeats
                .push(format!("copy {number} of `{repeat}`, counted from 0"));
            self.frames.push(Frame::nested());
            if let Some(name) = &repeat.index {
                self.bind(name, Val::Int(index));
            }
            // A copy is called by its number, or by the loop variable's value.
            let number = if repeat.index.is_some() {
                index
            } else {
                i128::try_from(number).unwrap_or(0)
            };
            flow = match prefix {
                Some(_) if single => {
                    self.copy_segment = Some(number.to_string());
                    let flow = self.body(&repeat.body, flow);
                    self.copy_segment = None;
                    flow
                }
                Some(prefix) => {
                    let prefix = format!("{prefix}.{number}");
                    self.in_scope(prefix, |this| this.body(&repeat.body, flow))
                }
                None => self.body(&repeat.body, flow),
            };
            self.repeats.pop();
            if let Some(frame) = self.frames.pop() {
                copies.push(frame.labels);
            }
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

    /// `if condition { ... } else { ... }`
    pub(super) fn conditional(
        &mut self,
        _unit: &'a Unit,
        conditional: &'a If,
        flow: Flow,
        seat: &Seat,
    ) -> Passed {
        let body = match self.condition(&conditional.condition, &flow) {
            Some(true) => Some(&conditional.then),
            Some(false) => conditional.otherwise.as_ref(),
            None => return Flow::Unknown.into(),
        };
        let Some(body) = body else {
            return flow.into();
        };
        if seat.labelled || seat.segment.is_some() {
            let prefix = self.next_path(seat.segment.as_deref());
            return self.in_scope(prefix, |this| this.nested(body, flow, seat.labelled));
        }
        self.body(body, flow).into()
    }

    /// The label that an expression names, where it names one.
    pub(super) fn labelled(&mut self, expression: &Expression, flow: &Flow) -> Option<Label> {
        match &expression.kind {
            ExpressionKind::Word(word) => self.label(&word.to_string()).cloned(),
            ExpressionKind::Member(value, name) => self
                .labelled(value, flow)?
                .inner
                .get(&name.to_string())
                .cloned(),
            ExpressionKind::Copy(repeat, copy) => {
                let label = self.labelled(repeat, flow)?;
                let copy = self.int(copy, flow)?;
                let inner = usize::try_from(copy)
                    .ok()
                    .and_then(|copy| label.copies.get(copy))?;
                Some(Label {
                    flow: label.flow.clone(),
                    main: None,
                    inner: inner.clone(),
                    copies: Vec::new(),
                })
            }
            _ => None,
        }
    }

    /// `stack.*` without a label after it.
    pub(super) fn every(&mut self, repeat: &Expression, _flow: &Flow) -> Val {
        self.tell(
            Error::new(
                repeat.place,
                format!("`{repeat}.*` needs the name of a label in the copies"),
            )
            .help(format!("`{repeat}.*.label`")),
        );
        Val::Unknown
    }

    /// `stack.{i}` without a label after it.
    pub(super) fn copy(&mut self, repeat: &Expression, copy: &Expression, _flow: &Flow) -> Val {
        self.tell(
            Error::new(
                repeat.place,
                format!("`{repeat}.{{{copy}}}` needs the name of a label in the copy"),
            )
            .help(format!("`{repeat}.{{{copy}}}.label`")),
        );
        Val::Unknown
    }

    /// `stack.*.skip`, or `stack.*.layer.skip` of a call or group in each copy.
    pub(super) fn in_every_copy(
        &mut self,
        repeat: &Expression,
        names: &[&Ident],
        flow: &Flow,
    ) -> Val {
        let Some(label) = self.repeated(repeat, flow) else {
            return Val::Unknown;
        };
        let mut flows = Vec::new();
        for copy in &label.copies {
            let (mut inner, mut found) = (copy, None);
            let mut holder = format!("the copies of `{repeat}` have");
            for (depth, name) in names.iter().enumerate() {
                let Some(label) = inner.get(&name.to_string()) else {
                    self.no_label_inside(&holder, name, inner);
                    return Val::Unknown;
                };
                holder = format!(
                    "`{}` in the copies of `{repeat}` has",
                    dotted(&names[..=depth])
                );
                found = Some(label.flow.clone());
                inner = &label.inner;
            }
            flows.extend(found);
        }
        Val::Flows(flows)
    }

    /// `stack.{3 - i}.skip`
    pub(super) fn in_copy(
        &mut self,
        repeat: &Expression,
        copy: &Expression,
        name: &Ident,
        flow: &Flow,
    ) -> Val {
        let (Some(label), Some(number)) = (self.repeated(repeat, flow), self.int(copy, flow))
        else {
            return Val::Unknown;
        };
        let inner = usize::try_from(number)
            .ok()
            .and_then(|number| label.copies.get(number));
        let Some(inner) = inner else {
            self.tell(Error::new(
                copy.place,
                format!(
                    "`{repeat}` has {} copies, 0 to {}, but no copy {number}",
                    label.copies.len(),
                    label.copies.len().saturating_sub(1)
                ),
            ));
            return Val::Unknown;
        };
        match inner.get(&name.to_string()) {
            Some(label) => Val::Flow(label.flow.clone()),
            None => {
                let holder = format!("the copies of `{repeat}` have");
                self.no_label_inside(&holder, name, inner);
                Val::Unknown
            }
        }
    }

    fn repeated(&mut self, repeat: &Expression, flow: &Flow) -> Option<Label> {
        let label = self.labelled(repeat, flow);
        match label {
            Some(label) if !label.copies.is_empty() => Some(label),
            Some(label) if matches!(label.flow, Flow::Unknown) => None,
            _ => {
                self.tell(
                    Error::new(repeat.place, format!("`{repeat}` is no labelled repeat"))
                        .help(format!("`{repeat}: repeat ... {{ ... }}`")),
                );
                None
            }
        }
    }

    /// `holder` is who has no such label: "`stack` has".
    fn no_label_inside(&mut self, holder: &str, name: &Ident, copy: &Labels) {
        let error = Error::new(name.span(), format!("{holder} no label `{name}`"));
        let near = nearest(&name.to_string(), copy.keys().map(String::as_str));
        self.tell(match near {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error,
        });
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

/// `layer.skip`
fn dotted(names: &[&Ident]) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    names.join(".")
}
