//! Repeats: a body several times, each copy with labels of its own.

use std::ops::Range;

use crate::report::Error;
use crate::resolve::scope::{Copied, Flow};
use crate::resolve::statement::{Passed, Seat};
use crate::resolve::value::Val;
use crate::resolve::{Builder, MAX_LAYERS};
use crate::syntax::tree::{Body, Item, Repeat, Unit};

impl<'a> Builder<'a> {
    /// `repeat 3 { ... }`, `repeat i in 0..4 { ... }`, `repeat width in widths { ... }`
    pub(in crate::resolve) fn repeat(
        &mut self,
        unit: &'a Unit,
        repeat: &'a Repeat,
        flow: Flow,
        seat: &Seat,
    ) -> Passed {
        self.at(&flow).no_bytes(&repeat.count);
        let evaluated = self.at(&flow).evaluate(&repeat.count);
        let Some(over) = self.copied(unit, repeat, evaluated, &flow) else {
            return Flow::Unknown.into();
        };
        let copies = over.len();
        if copies == 0 {
            self.unwalked(&repeat.body, repeat.names.iter().collect());
        }
        let prefix = (seat.labelled || seat.segment.is_some())
            .then(|| self.draft.paths.next(seat.segment.as_deref()));
        self.draft.hidden += 1;
        let mut passed = match prefix {
            Some(prefix) => self.in_scope(prefix.clone(), |this| {
                this.copies(unit, repeat, over, flow, Some(&prefix))
            }),
            None => self.copies(unit, repeat, over, flow, None),
        };
        self.draft.hidden -= 1;
        passed.count = copies;
        passed
    }

    /// What there is a copy for; an error is told of what is no count, range or list.
    fn copied(
        &mut self,
        unit: &Unit,
        repeat: &Repeat,
        evaluated: Val,
        flow: &Flow,
    ) -> Option<Over> {
        let range = match evaluated {
            Val::Int(count) => 0..count,
            Val::Range(start, end) => start..end,
            Val::Unknown => return None,
            Val::Symbol(_) | Val::SymbolRange(..) => {
                self.at(flow)
                    .must_be_known(&repeat.count, "a number of copies");
                return None;
            }
            other => {
                let Some(elements) = other.elements() else {
                    self.at(flow)
                        .unfit(&repeat.count, "a count, a range or a list", &other);
                    return None;
                };
                if repeat.names.is_empty() {
                    let headline = "a repeat over a list has a name for its elements";
                    let help = format!("`repeat element in {} {{ ... }}`", repeat.count);
                    let error = Error::new(repeat.count.place, headline).help(help);
                    self.findings.tell_of(unit, error);
                    return None;
                }
                return Some(Over::List(elements));
            }
        };
        let copies = range
            .end
            .checked_sub(range.start)
            .and_then(|copies| usize::try_from(copies).ok());
        if copies.is_none_or(|copies| copies > MAX_LAYERS) {
            let error = Error::new(
                repeat.count.place,
                format!(
                    "`{}` is no number of copies: 0 to {MAX_LAYERS} are possible",
                    repeat.count
                ),
            );
            self.findings.tell_of(unit, error);
            return None;
        }
        Some(Over::Range(range))
    }

    /// Makes the names of a repeat readable; whether that can be.
    fn bind_element(&mut self, unit: &Unit, repeat: &Repeat, element: Val) -> bool {
        let names = match repeat.names.as_slice() {
            [] => return true,
            [name] => {
                self.names.bind(name, element, &mut self.findings);
                return true;
            }
            names => names,
        };
        let parts = element
            .elements()
            .filter(|parts| parts.len() == names.len());
        let Some(parts) = parts else {
            if !matches!(element, Val::Unknown) {
                let found = match element.elements() {
                    Some(parts) => format!("{} with {} elements", element.noun(), parts.len()),
                    None => element.noun().to_owned(),
                };
                let headline = format!(
                    "{} names, but an element of `{}` is {found}",
                    names.len(),
                    repeat.count
                );
                let mut error = Error::new(repeat.count.place, headline);
                // With the index first, as other languages count what they go through.
                if let ([index, _], None) = (names, element.elements()) {
                    let list = &repeat.count;
                    error = error.help(format!(
                        "it is written `repeat {index} in 0..len({list}) {{ ... }}`, with `{list}[{index}]` inside"
                    ));
                }
                self.findings.tell_of(unit, error);
            }
            return false;
        };
        for (name, part) in names.iter().zip(parts) {
            self.names.bind(name, part, &mut self.findings);
        }
        true
    }

    /// The copies in turn.
    fn copies(
        &mut self,
        unit: &'a Unit,
        repeat: &'a Repeat,
        over: Over,
        flow: Flow,
        prefix: Option<&str>,
    ) -> Passed {
        let mut flow = flow;
        let mut copies = Vec::new();
        let count = over.len();
        for (number, (name, element)) in over.into_iter().enumerate() {
            if self.beyond_steps(unit) {
                flow = Flow::Unknown;
                break;
            }
            self.findings
                .trail
                .repeats
                .push(format!("copy {number} of `{repeat}`, counted from 0"));
            let copy = |this: &mut Self| {
                if !this.bind_element(unit, repeat, element) {
                    return Flow::Unknown;
                }
                // Without a variable, copies are called by their numbers.
                let name = if repeat.names.is_empty() {
                    number.to_string()
                } else {
                    name
                };
                this.one_copy(&repeat.body, &name, flow, prefix)
            };
            let (left, mut inner) = self.in_structure("repeat", |this| this.in_frame(copy));
            self.findings.trail.repeats.pop();
            // What is inside of the call that a copy is, is inside of the copy.
            if prefix.is_some() && single_unit(&repeat.body) {
                inner.extend(std::mem::take(&mut self.copy_labels));
            }
            flow = left;
            copies.push(Copied {
                flow: flow.clone(),
                inner,
            });
            if matches!(flow, Flow::Unknown) {
                break;
            }
        }
        // The labels of the copies that an error kept from being walked are there.
        if let Some(last) = copies.last().filter(|_| copies.len() < count) {
            let mut unwalked = last.clone();
            unwalked.flow = Flow::Unknown;
            for label in unwalked.inner.values_mut() {
                label.flow = Flow::Unknown;
            }
            copies.resize(count, unwalked);
        }
        Passed {
            copies: Some(copies),
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

/// What a repeat has a copy for.
enum Over {
    /// Numbers.
    Range(Range<i128>),
    /// The elements of a list.
    List(Vec<Val>),
}

impl Over {
    /// How many copies there are.
    fn len(&self) -> usize {
        match self {
            Self::Range(range) => usize::try_from(range.end - range.start).unwrap_or(0),
            Self::List(elements) => elements.len(),
        }
    }

    /// What each copy is called and what its variable is: a number calls it by itself, what
    /// is in a list by its place.
    fn into_iter(self) -> Box<dyn Iterator<Item = (String, Val)>> {
        match self {
            Self::Range(range) => {
                Box::new(range.map(|number| (number.to_string(), Val::Int(number))))
            }
            Self::List(elements) => {
                let places = elements.into_iter().enumerate();
                Box::new(places.map(|(place, element)| (place.to_string(), element)))
            }
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
