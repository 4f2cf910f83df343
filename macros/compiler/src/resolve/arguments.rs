//! The arguments of a layer: matched with its catalogue entry.

use proc_macro2::Ident;
use shapewise_core::catalogue::{Argument, Entry, Inputs};
use shapewise_core::{Value, error::Error as CoreError};

use super::Builder;
use super::call::Applying;
use super::scope::Flow;
use super::suggest::nearest;
use super::value::{Given, Val};
use crate::report::{Error, Place};

/// What is given to a layer.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    /// The arguments as the rules read them.
    pub(super) given: Vec<(&'static str, Value)>,
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
    ) -> Option<Arguments> {
        let mut matched: Vec<(&'static Argument, &Given)> = Vec::new();
        let mut result = Arguments {
            operands,
            ..Arguments::default()
        };
        let mut errors = Vec::new();
        let mut known = true;
        for given in &applying.given {
            if let Val::Tied(node) = given.value {
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
                result.operands.extend(flows);
                continue;
            }
            match find(entry, given, &matched, called) {
                Ok(argument) => matched.push((argument, given)),
                Err(error) => errors.push(error),
            }
        }
        // Values of the network come after the flow, in catalogue order.
        matched.sort_by_key(|(argument, _)| {
            entry
                .arguments
                .iter()
                .position(|candidate| std::ptr::eq(candidate, *argument))
        });
        for (argument, given) in matched {
            let value = given.to.as_ref().unwrap_or(&given.value);
            if given.to.is_some() {
                match &given.value {
                    Val::Int(declared) if let Ok(declared) = u64::try_from(*declared) => {
                        result.given.push(("in", Value::Int(declared)));
                        result.places.push(given.place);
                    }
                    Val::Unknown => known = false,
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
            match self.value(entry, argument, given, value, called, &mut result) {
                Ok(value) => {
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
        let wrong = || wrong_type(argument, given, value, called);
        let value = value.to_core(argument).ok_or_else(wrong)?;
        match argument.check(value) {
            Ok(()) => Ok(value),
            Err(CoreError::WrongType { .. }) => Err(wrong()),
            Err(error) => {
                let mut told = Error::new(given.place, error.headline(called).as_str());
                if let shapewise_core::error::Fix::Set { value: least, .. } = error.fixes()[0]
                    && matches!(value, Value::Int(_))
                {
                    told = told.help(set(argument, given, least));
                }
                Err(told)
            }
        }
    }
}

/// `name = value`, or the value alone where the name was left out.
fn set(argument: &Argument, given: &Given, value: Value) -> String {
    if given.name.is_some() || !argument.positional {
        format!("`{} = {value}`", argument.name)
    } else {
        format!("`{value}`")
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
) -> Result<&'static Argument, Error> {
    let taken = |argument: &Argument| matched.iter().any(|(other, _)| other.name == argument.name);
    if let Some(name) = &given.name {
        let argument = entry
            .argument(&name.to_string())
            .ok_or_else(|| unknown(entry, name, given, called))?;
        if taken(argument) {
            return Err(Error::new(
                given.place,
                format!("`{}` of {called} is given twice", argument.name),
            ));
        }
        return Ok(argument);
    }
    if let Some(argument) = entry
        .arguments
        .iter()
        .find(|argument| argument.positional && !taken(argument))
    {
        return Ok(argument);
    }
    let positional: Vec<String> = entry
        .arguments
        .iter()
        .filter(|argument| argument.positional)
        .map(|argument| format!("`{}`", argument.name))
        .collect();
    let headline = if let Val::Word(word) = &given.value {
        format!("{called} does not know `{word}` here")
    } else if positional.is_empty() {
        format!("{called} takes no argument without a name")
    } else {
        format!(
            "{called} takes only {} without a name",
            positional.join(" and ")
        )
    };
    let error = Error::new(given.place, headline);
    let meant = entry
        .arguments
        .iter()
        .filter(|argument| !argument.positional && !taken(argument))
        .find(|argument| {
            given
                .value
                .to_core(argument)
                .is_some_and(|value| argument.check(value).is_ok())
        });
    Err(match meant {
        Some(argument) => error.help(format!("`{} = {}`", argument.name, given.value.text())),
        None if entry.arguments.is_empty() => {
            error.help(format!("`{}` takes no arguments", entry.name))
        }
        None => error.help(format!("{} takes {}", entry.name, names(entry))),
    })
}

/// The error for the name of no argument.
fn unknown(entry: &Entry, name: &Ident, given: &Given, called: &str) -> Error {
    let text = name.to_string();
    let place = Place::at(name.span());
    let error = Error::new(place, format!("{called} has no argument `{text}`"));
    let alias = entry
        .arguments
        .iter()
        .find(|argument| argument.aliases.contains(&text.as_str()));
    if let Some(argument) = alias {
        let value = given.value.text();
        return if argument.positional {
            error.help(format!(
                "`{} = {value}`, or `{value}` in its place",
                argument.name
            ))
        } else {
            error.help(format!("`{} = {value}`", argument.name))
        };
    }
    if matches!(
        text.as_str(),
        "in_channels" | "in_features" | "input_size" | "input_shape" | "input_dim"
    ) {
        return error.help("what comes in is inferred: leave it out");
    }
    let candidates = entry.arguments.iter().map(|argument| argument.name);
    match nearest(&text, candidates) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None if entry.arguments.is_empty() => {
            error.help(format!("`{}` takes no arguments", entry.name))
        }
        None => error.help(format!("{} takes {}", entry.name, names(entry))),
    }
}

fn names(entry: &Entry) -> String {
    let names: Vec<String> = entry
        .arguments
        .iter()
        .map(|argument| format!("`{}`", argument.name))
        .collect();
    names.join(", ")
}

/// The error for a required argument that is not written.
fn missing(
    entry: &'static Entry,
    result: &Arguments,
    applying: &Applying<'_>,
    called: &str,
) -> Option<Error> {
    if entry.inputs == Inputs::Merge && result.operands.len() < 2 {
        let name = entry.name;
        return Some(
            Error::new(
                applying.name.span(),
                format!(
                    "{called} merges two values or more, but has {}",
                    result.operands.len()
                ),
            )
            .help(format!(
                "`{name}(label, _)`, or `{name} {{ branch {{ ... }} branch {{ ... }} }}`"
            )),
        );
    }
    let argument = entry.arguments.iter().find(|argument| {
        argument.required && !result.given.iter().any(|(name, _)| *name == argument.name)
    })?;
    let usage: Vec<String> = entry
        .arguments
        .iter()
        .filter(|argument| argument.required)
        .map(|argument| argument.name.to_owned())
        .collect();
    Some(
        Error::new(
            applying.name.span(),
            format!("{called} needs `{}`, the {}", argument.name, argument.doc),
        )
        .help(format!("`{}({})`", entry.name, usage.join(", "))),
    )
}

/// The error for a value of the wrong type, with what was meant where that can
/// be told.
fn wrong_type(argument: &'static Argument, given: &Given, value: &Val, called: &str) -> Error {
    let core = CoreError::WrongType { argument };
    let found = match value {
        Val::Text(_) | Val::Int(_) => format!(", not {}", value.text()),
        Val::Word(word) => format!(", not `{word}`"),
        Val::Flow(_) | Val::Flows(_) => ", not a value of the network".to_owned(),
        _ => format!(", not {}: `{}`", value.noun(), value.text()),
    };
    let error = Error::new(given.place, format!("{}{found}", core.headline(called)));
    let written = |value: &str| {
        if given.name.is_some() || !argument.positional {
            format!("`{} = {value}`", argument.name)
        } else {
            format!("`{value}`")
        }
    };
    let keywords = argument.accepts.keywords.iter().copied();
    match value {
        Val::Tuple(values) if argument.accepts.extents => {
            let extents: Option<Vec<usize>> = values.iter().map(Val::extent).collect();
            match extents {
                Some(extents) => {
                    let list: Vec<String> = extents.iter().map(ToString::to_string).collect();
                    let joined = if extents.first() == Some(&0) {
                        format!("[{}]", list.join(", "))
                    } else {
                        list.join("x")
                    };
                    error.help(written(&joined))
                }
                None => error,
            }
        }
        Val::Text(text) => match nearest(text, keywords) {
            Some(near) => error.help(written(near)),
            None => error,
        },
        Val::Word(word) if argument.accepts.bool && (word == "True" || word == "False") => {
            error.help(written(&word.to_string().to_lowercase()))
        }
        Val::Word(word) => match nearest(&word.to_string(), keywords) {
            Some(near) => error.help(format!("did you mean {}?", written(near))),
            None => error,
        },
        Val::Int(0 | 1) if argument.accepts.bool => {
            error.help(written(if matches!(value, Val::Int(1)) {
                "true"
            } else {
                "false"
            }))
        }
        _ => error,
    }
}
