//! The arguments of a layer: matched with its catalogue entry.

use shapewise_core::catalogue::{Argument, Entry, Inputs};
use shapewise_core::{Shape, Value, error::Error as CoreError};

use super::mistakes::{missing, takes_no, text_of, too_many, unknown, wrong_type};
use crate::graph::Code;
use crate::report::{Error, Place};
use crate::resolve::Builder;
use crate::resolve::call::Applying;
use crate::resolve::scope::Flow;
use crate::resolve::value::{Given, Val};

/// What is given to a layer.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    /// The arguments as the rules read them.
    pub(super) given: Vec<(&'static str, Value)>,
    /// What rustc evaluates for those with symbols.
    pub(super) codes: Vec<Option<Code>>,
    /// Where each of them stands.
    pub(super) places: Vec<Place>,
    /// The values of the network among them, in the order of the inputs.
    pub(super) operands: Vec<Flow>,
    /// The layer whose weight is used, and where that is said.
    pub(super) shared: Option<(usize, Place)>,
}

impl Builder<'_> {
    /// Matches what is written with what the entry takes; nothing when an error
    /// was told.
    pub(super) fn arguments(
        &mut self,
        entry: &'static Entry,
        applying: &Applying<'_>,
        called: &str,
        operands: Vec<Flow>,
        flow: &Flow,
    ) -> Option<Arguments> {
        let input = match flow {
            Flow::Value(value) => Some(self.shape_of(*value)),
            _ => None,
        };
        let mut extra: Vec<&Given> = Vec::new();
        let mut matched: Vec<(&'static Argument, &Given)> = Vec::new();
        let mut result = Arguments {
            operands,
            ..Arguments::default()
        };
        let mut errors = Vec::new();
        let mut known = true;
        for given in &applying.given {
            if let Val::Tied(node) = given.value {
                if result.shared.is_some() {
                    let message = format!("`shared` of {called} is given twice");
                    let error = Error::new(given.place, message);
                    errors.push(error.help("leave one of the two out"));
                }
                result.shared = Some((node, given.place));
                continue;
            }
            if given.name.as_ref().is_some_and(|name| name == "shared") {
                // What it names is not known, or no layer: that was told.
                known = false;
                continue;
            }
            if entry.inputs == Inputs::Merge
                && given.name.is_none()
                && let Some(flows) = operand(&given.value)
            {
                known &= !flows.iter().any(|flow| matches!(flow, Flow::Unknown));
                result.operands.extend(flows);
                continue;
            }
            if entry.inputs == Inputs::Merge
                && given.name.is_none()
                && let Val::Word(word) = &given.value
            {
                errors.push(self.name_error(word));
                continue;
            }
            match find(entry, given, &matched, called, input.as_ref(), applying) {
                Ok(Some(argument)) => matched.push((argument, given)),
                Ok(None) => extra.push(given),
                Err(error) => errors.push(error),
            }
        }
        if let (Some(first), Some(last)) = (extra.first(), extra.last()) {
            let place = first.place.to(last.place);
            let error = too_many(entry, applying, &matched, &extra, called, input.as_ref());
            errors.push(error.unwrap_or_else(|| Error::new(place, takes_no(entry, called))));
        }
        // Values of the network come after the flow, in catalogue order.
        for argument in entry.arguments {
            let matches = |(other, _): &&(&Argument, &Given)| std::ptr::eq(*other, argument);
            let Some((_, given)) = matched.iter().find(matches) else {
                continue;
            };
            let value = given.to.as_ref().unwrap_or(&given.value);
            if given.to.is_some() {
                match &given.value {
                    Val::Int(declared) if let Ok(declared) = u64::try_from(*declared) => {
                        result.given.push(("in", Value::Int(declared)));
                        result.codes.push(None);
                        result.places.push(given.place);
                    }
                    Val::Unknown => known = false,
                    symbol @ Val::Symbol(_)
                        if let Some((value, code)) =
                            self.symbolic_argument(argument, symbol, given.place) =>
                    {
                        result.given.push(("in", value));
                        result.codes.push(Some(code));
                        result.places.push(given.place);
                    }
                    other => errors.push(Error::new(
                        given.place,
                        format!(
                            "what comes into {called} is declared by a whole number, not by {}",
                            other.noun()
                        ),
                    )),
                }
            }
            if matches!(value, Val::Unknown) {
                known = false;
                continue;
            }
            if value.is_symbolic()
                && let Some((value, code)) = self.symbolic_argument(argument, value, given.place)
            {
                match argument.check(value) {
                    // Rustc is to say it with the number that it finds.
                    Err(CoreError::TooSmall { .. } | CoreError::OutOfRange { .. }) | Ok(()) => {
                        result.given.push((argument.name, value));
                        result.codes.push(Some(code));
                        result.places.push(given.place);
                        continue;
                    }
                    Err(_) => {}
                }
            }
            match self.value(entry, argument, given, value, called, &mut result) {
                Ok(value) => {
                    result.codes.push(None);
                    result.given.push((argument.name, value));
                    result.places.push(given.place);
                }
                Err(error) => errors.push(error),
            }
        }
        if errors.is_empty() && known {
            errors.extend(missing(entry, &result, applying, called));
        }
        let fine = errors.is_empty();
        for (i, error) in errors.into_iter().enumerate() {
            // The first is told once, however often a block is called.
            if i == 0 {
                self.tell_of(applying.unit, error);
            } else {
                self.tell(error);
            }
        }
        (fine && known).then_some(result)
    }

    /// The value of an argument as the rules read it.
    fn value(
        &mut self,
        entry: &Entry,
        argument: &'static Argument,
        given: &Given,
        value: &Val,
        called: &str,
        result: &mut Arguments,
    ) -> Result<Value, Error> {
        if argument.accepts.value
            && let Val::Flow(flow) = value
        {
            result.operands.push(flow.clone());
            let flows = usize::from(entry.inputs == Inputs::Flow);
            return Ok(Value::Input(flows + result.operands.len() - 1));
        }
        let wrong = || wrong_type(entry, argument, given, value, called);
        let value = value.to_core(argument).ok_or_else(wrong)?;
        match argument.check(value) {
            Ok(()) => Ok(value),
            Err(CoreError::WrongType { .. }) => Err(wrong()),
            Err(error) => {
                let headline = error.headline(called);
                let found = match value {
                    Value::Int(_) | Value::Float(_) => format!(", not {value}"),
                    _ => String::new(),
                };
                let mut told = Error::new(given.place, format!("{}{found}", headline.as_str()));
                // A probability that was written in percent.
                if let (CoreError::OutOfRange { .. }, Value::Int(percent @ 2..=99)) =
                    (&error, value)
                    && argument.range == (0.0, 1.0)
                {
                    let share = format!("0.{percent:02}");
                    let share = share.trim_end_matches('0');
                    told = told.help(format!(
                        "{} for {percent}%",
                        text_of(argument, given, share)
                    ));
                }
                if let shapewise_core::error::Fix::Set { value: least, .. } = error.fixes()[0]
                    && matches!(value, Value::Int(_))
                {
                    told = told.help(text_of(argument, given, &least.to_string()));
                }
                Err(told)
            }
        }
    }
}

/// The values of the network that an operand of a merge stands for.
fn operand(value: &Val) -> Option<Vec<Flow>> {
    match value {
        Val::Flow(flow) => Some(vec![flow.clone()]),
        Val::Flows(flows) => Some(flows.clone()),
        Val::Unknown => Some(vec![Flow::Unknown]),
        _ => None,
    }
}

/// The argument that something written is for.
fn find(
    entry: &'static Entry,
    given: &Given,
    matched: &[(&'static Argument, &Given)],
    called: &str,
    input: Option<&Shape>,
    applying: &Applying<'_>,
) -> Result<Option<&'static Argument>, Error> {
    let taken = |argument: &Argument| matched.iter().any(|(other, _)| other.name == argument.name);
    if let Some(name) = &given.name {
        let argument = entry
            .argument(&name.to_string())
            .ok_or_else(|| unknown(entry, name, given, called, input, applying))?;
        if taken(argument) {
            return Err(Error::new(
                given.place,
                format!("`{}` of {called} is given twice", argument.name),
            )
            .help("leave one of the two out"));
        }
        return Ok(Some(argument));
    }
    Ok(entry
        .arguments
        .iter()
        .find(|argument| argument.positional && !taken(argument)))
}
