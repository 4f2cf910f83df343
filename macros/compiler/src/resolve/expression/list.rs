//! Lists: their elements, and how many there are.

use crate::report::{Error, Place};
use crate::resolve::expression::Evaluator;
use crate::resolve::value::Val;
use crate::syntax::tree::{Call, Expression};

impl Val {
    /// The elements of a list, of extents, of a tuple or of the values of copies.
    pub(in crate::resolve) fn elements(&self) -> Option<Vec<Val>> {
        Some(match self {
            Self::List(values) | Self::Tuple(values) => values.clone(),
            Self::Extents(extents) => extents
                .iter()
                .map(|extent| Self::Int(i128::try_from(*extent).unwrap_or(i128::MAX)))
                .collect(),
            Self::Flows(flows) => flows.iter().cloned().map(Self::Flow).collect(),
            _ => return None,
        })
    }
}

impl Evaluator<'_, '_> {
    /// `widths[i]`, or `widths[1..3]` of several.
    pub(super) fn index(&mut self, list: &Expression, index: &Expression, place: Place) -> Val {
        let (value, at) = (self.evaluate(list), self.evaluate(index));
        let Some(elements) = self.elements_of(list, &value) else {
            return Val::Unknown;
        };
        if let Val::Range(start, end) = at {
            let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
            let part = range.and_then(|(start, end)| elements.get(start..end));
            return match part {
                Some(part) => Val::List(part.to_vec()),
                None => self.out_of_range(list, &format!("{start}..{end}"), elements.len(), place),
            };
        }
        let Some(number) = self.whole(index, at) else {
            return Val::Unknown;
        };
        let element = usize::try_from(number).ok().and_then(|i| elements.get(i));
        match element {
            Some(element) => element.clone(),
            None => self.out_of_range(list, &number.to_string(), elements.len(), place),
        }
    }

    /// `len(widths)`
    pub(super) fn length(&mut self, call: &Call, place: Place) -> Val {
        let [list] = call.arguments.as_slice() else {
            return self.wrong(Error::new(place, "`len` takes one list"));
        };
        let value = self.evaluate(&list.value);
        match self.elements_of(&list.value, &value) {
            Some(elements) => Val::Int(elements.len() as i128),
            None => Val::Unknown,
        }
    }

    /// The elements of what an expression was found to be; an error is told of what has none.
    fn elements_of(&mut self, list: &Expression, value: &Val) -> Option<Vec<Val>> {
        match value {
            Val::Unknown => None,
            Val::Word(word) => {
                self.unknown_name(word);
                None
            }
            value => {
                let elements = value.elements();
                if elements.is_none() {
                    let headline = format!("`{list}` is {}, which has no elements", value.noun());
                    self.findings.tell(Error::new(list.place, headline));
                }
                elements
            }
        }
    }

    fn out_of_range(&mut self, list: &Expression, index: &str, count: usize, place: Place) -> Val {
        let has = match count {
            0 => "no elements".to_owned(),
            1 => "1 element, 0".to_owned(),
            count => format!("{count} elements, 0 to {}", count - 1),
        };
        let headline = format!("`{list}` has {has}, but no {index}");
        let error = Error::new(place, headline);
        // Counted from the end, as in Python.
        let back = index.strip_prefix('-').and_then(|back| back.parse().ok());
        self.wrong(match back {
            Some(back) if (1..=count).contains(&back) => {
                error.help(format!("write `{list}[len({list}) - {back}]`"))
            }
            _ => error,
        })
    }
}
