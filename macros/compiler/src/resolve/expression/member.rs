//! What stands after a point: axes of shapes, labels inside of parts, copies of
//! repeats.

use proc_macro2::Ident;
use shapewise_core::{Axis, Shape};

use crate::graph::{Formula, Recipe};
use crate::report::{Error, Place};
use crate::resolve::expression::Evaluator;
use crate::resolve::scope::{Copied, Flow, Label, Labels};
use crate::resolve::statement::is_assumed;
use crate::resolve::symbol::{Symbol, SymbolKind, extent_code};
use crate::resolve::value::Val;
use crate::suggest::nearest;
use crate::syntax::tree::{Expression, ExpressionKind};

impl Evaluator<'_, '_> {
    /// `value.name`: a label inside of a part, or an axis of a shape.
    pub(super) fn member(&mut self, value: &Expression, name: &Ident, place: Place) -> Val {
        if let Some(label) = self.labelled(value)
            && let Some(inner) = label.inner.get(&name.to_string())
        {
            return Val::Flow(inner.flow.clone());
        }
        if let Some((repeat, mut names)) = below_every(value) {
            names.push(name);
            return self.in_every_copy(repeat, &names);
        }
        if let ExpressionKind::Copy(repeat, copy) = &value.kind
            && Axis::named(&name.to_string()).is_none()
        {
            return self.in_copy(repeat, copy, name);
        }
        match self.evaluate(value) {
            Val::Flow(Flow::Value(index)) => {
                let info = &self.graph.values[index];
                let (shape, symbolic) = (info.shape, info.symbolic);
                if symbolic {
                    return self.symbolic_axis(index, &shape, value, name, place);
                }
                self.axis(&shape, value, name, place)
            }
            Val::Extents(extents) if let Some(shape) = Shape::try_new(&extents) => {
                self.axis(&shape, value, name, place)
            }
            Val::Flow(Flow::Several(_)) => self.wrong(Error::new(
                place,
                format!("`{value}` is several values, not one"),
            )),
            Val::Word(word) => {
                self.unknown_name(&word);
                Val::Unknown
            }
            Val::Unknown | Val::Flow(Flow::Unknown) => Val::Unknown,
            other => self.wrong(Error::new(
                place,
                format!("`{value}` is {}, which has no `{name}`", other.noun()),
            )),
        }
    }

    /// The extent of a known shape.
    fn axis(&mut self, shape: &Shape, value: &Expression, name: &Ident, place: Place) -> Val {
        let text = name.to_string();
        let axis = Axis::ALL.iter().find(|(axis, _)| *axis == text);
        if let Some(extent) = axis.and_then(|(_, axis)| shape.axis(*axis)) {
            return Val::Int(i128::try_from(extent).unwrap_or(i128::MAX));
        }
        let known: Vec<&str> = Axis::ALL
            .iter()
            .filter(|(_, axis)| shape.axis(*axis).is_some())
            .map(|(name, _)| *name)
            .collect();
        let mut error = Error::new(place, format!("`{value}` has no `{name}`"))
            .fact("shape", format!("{shape}, {}", describe(shape)));
        if axis.is_none()
            && let Some(near) = nearest(&text, known.iter().copied())
        {
            error = error.help(format!("did you mean `{near}`?"));
        } else {
            let list: Vec<String> = known.iter().map(|name| format!("`.{name}`")).collect();
            error = error.help(format!("it has {}", list.join(", ")));
        }
        self.wrong(error)
    }

    /// The extent of a value whose shape only rustc knows.
    fn symbolic_axis(
        &mut self,
        index: usize,
        shape: &Shape,
        value: &Expression,
        name: &Ident,
        place: Place,
    ) -> Val {
        let text = name.to_string();
        let axis = Axis::ALL.iter().find(|(axis, _)| *axis == text);
        let Some((_, axis)) = axis else {
            return self.axis(shape, value, name, place);
        };
        let text = format!("{value}.{name}");
        let code = extent_code(index, *axis);
        let Some(extent) = shape.axis(*axis) else {
            // Its rank may be another one, too.
            let recipe = Some(Recipe::Count(Formula::Extent(index, *axis)));
            self.lost_at(code, recipe, format!("`{text}`"), place);
            return Val::Unknown;
        };
        Val::Symbol(Box::new(Symbol {
            value: i128::try_from(extent).unwrap_or(i128::MAX),
            code,
            text,
            formula: Formula::Extent(index, *axis),
            kind: SymbolKind::Number,
        }))
    }

    /// `stack.*`: what leaves each copy.
    pub(super) fn every(&mut self, repeat: &Expression) -> Val {
        match self.repeated(repeat) {
            Some(copies) => Val::Flows(copies.into_iter().map(|copy| copy.flow).collect()),
            None => Val::Unknown,
        }
    }

    /// `stack.{i}`: what leaves one copy.
    pub(super) fn copy(&mut self, repeat: &Expression, copy: &Expression) -> Val {
        match self.copied(repeat, copy) {
            Some(copy) => Val::Flow(copy.flow),
            None => Val::Unknown,
        }
    }

    /// `stack.*.skip`, or `stack.*.layer.skip` of a call or group in each copy.
    fn in_every_copy(&mut self, repeat: &Expression, names: &[&Ident]) -> Val {
        let Some(copies) = self.repeated(repeat) else {
            return Val::Unknown;
        };
        let mut flows = Vec::new();
        for copy in &copies {
            let (mut inner, mut found) = (&copy.inner, None);
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
    fn in_copy(&mut self, repeat: &Expression, copy: &Expression, name: &Ident) -> Val {
        let Some(Copied { inner, .. }) = self.copied(repeat, copy) else {
            return Val::Unknown;
        };
        match inner.get(&name.to_string()) {
            Some(label) => Val::Flow(label.flow.clone()),
            None => {
                let holder = format!("the copies of `{repeat}` have");
                self.no_label_inside(&holder, name, &inner);
                Val::Unknown
            }
        }
    }

    /// The copy of this number.
    fn copied(&mut self, repeat: &Expression, copy: &Expression) -> Option<Copied> {
        let (copies, number) = (self.repeated(repeat)?, self.int(copy)?);
        let copied = usize::try_from(number)
            .ok()
            .and_then(|number| copies.get(number));
        if copied.is_none() {
            let headline = match copies.len() {
                0 => format!("`{repeat}` has no copy at all"),
                count => format!(
                    "`{repeat}` has {count} copies, 0 to {}, but no copy {number}",
                    count - 1
                ),
            };
            self.findings.tell(Error::new(copy.place, headline));
        }
        copied.cloned()
    }

    /// The copies of a repeat.
    fn repeated(&mut self, repeat: &Expression) -> Option<Vec<Copied>> {
        let label = self.labelled(repeat);
        match label {
            Some(Label {
                copies: Some(copies),
                ..
            }) => Some(copies),
            Some(label) if matches!(label.flow, Flow::Unknown) => None,
            None if self.is_inside_of_an_error(repeat) => None,
            None if self.is_missing(repeat) => None,
            _ => {
                self.findings.tell(
                    Error::new(repeat.place, format!("`{repeat}` is no labelled repeat"))
                        .help(format!("`{repeat}: repeat ... {{ ... }}`")),
                );
                None
            }
        }
    }

    /// Whether a label would stand in what could not be read or computed.
    fn is_inside_of_an_error(&mut self, expression: &Expression) -> bool {
        let (ExpressionKind::Member(holder, _) | ExpressionKind::Copy(holder, _)) =
            &expression.kind
        else {
            return false;
        };
        let Some(label) = self.labelled(holder) else {
            return self.is_inside_of_an_error(holder);
        };
        let empty = label.inner.names().next().is_none();
        empty
            && match label.flow {
                Flow::Unknown => true,
                // Declared where an error keeps it from being computed.
                Flow::Value(value) => is_assumed(self.graph, value),
                _ => false,
            }
    }

    /// Tells which of the names that lead to a label is none, where one is.
    fn is_missing(&mut self, expression: &Expression) -> bool {
        match &expression.kind {
            ExpressionKind::Word(word)
                if self.names.label(&word.to_string()).is_none()
                    && self.names.value(&word.to_string()).is_none() =>
            {
                self.unknown_name(word);
                true
            }
            ExpressionKind::Member(holder, name) => match self.labelled(holder) {
                Some(label) if label.inner.get(&name.to_string()).is_none() => {
                    self.no_label_inside(&format!("`{holder}` has"), name, &label.inner);
                    true
                }
                Some(_) => false,
                None => self.is_missing(holder),
            },
            ExpressionKind::Copy(holder, _) => {
                self.labelled(holder).is_none() && self.is_missing(holder)
            }
            _ => false,
        }
    }

    /// `holder` is who has no such label: "`stack` has".
    fn no_label_inside(&mut self, holder: &str, name: &Ident, copy: &Labels) {
        let error = Error::new(name.span(), format!("{holder} no label `{name}`"));
        let near = nearest(&name.to_string(), copy.names());
        let error = match near {
            Some(near) => error.help(format!("did you mean `{near}`?")),
            None => error,
        };
        self.findings.tell_missing(format!(".{name}"), error);
    }
}

/// The repeat in `stack.*.layer`, and the names after the star.
fn below_every(value: &Expression) -> Option<(&Expression, Vec<&Ident>)> {
    match &value.kind {
        ExpressionKind::Every(repeat) => Some((repeat, Vec::new())),
        ExpressionKind::Member(value, name) => {
            let (repeat, mut names) = below_every(value)?;
            names.push(name);
            Some((repeat, names))
        }
        _ => None,
    }
}

/// What a shape's extents are: `height x width x channels`.
fn describe(shape: &Shape) -> &'static str {
    match shape.rank() {
        1 => "a vector",
        2 => "length x features",
        3 => "height x width x channels",
        4 => "depth x height x width x channels",
        _ => "a tensor",
    }
}

/// `layer.skip`
fn dotted(names: &[&Ident]) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    names.join(".")
}
