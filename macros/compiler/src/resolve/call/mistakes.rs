//! The errors about a layer's arguments: each with what to write instead.

use proc_macro2::Ident;
use shapewise_core::catalogue::{Argument, Entry, Inputs};
use shapewise_core::{Shape, Value, error::Error as CoreError};

use super::arguments::{Arguments, Asked};
use super::{Applying, foreign, habits};
use crate::check::layer::outcome;
use crate::report::Error;
use crate::resolve::value::{Given, Val};
use crate::suggest::nearest;
use crate::syntax::tree::UnitKind;

/// What a layer takes without a name.
pub(super) fn takes_no(asked: &Asked<'_>) -> String {
    let Asked { entry, called, .. } = asked;
    let positional: Vec<String> = entry
        .arguments
        .iter()
        .filter(|argument| argument.positional)
        .map(|argument| format!("`{}`", argument.name))
        .collect();
    if entry.arguments.is_empty() {
        format!("{called} takes no arguments")
    } else if positional.is_empty() {
        format!("{called} takes no argument without a name")
    } else {
        format!(
            "{called} takes only {} without a name",
            positional.join(" and ")
        )
    }
}

/// The error for arguments without a name beyond those that can be; nothing
/// where no more can be said than that.
pub(super) fn too_many(
    asked: &Asked<'_>,
    matched: &[(&'static Argument, &Given)],
    extra: &[&Given],
) -> Option<Error> {
    let Asked {
        entry,
        applying,
        called,
        input,
    } = asked;
    let place = extra.first()?.place.to(extra.last()?.place);
    let headline = takes_no(asked);
    // What comes in, written first as PyTorch has it.
    let first = applying.given.first()?;
    if let (Val::Int(declared), None, Some(input)) = (&first.value, &first.name, input)
        && usize::try_from(*declared) == Ok(input.channels())
        && extra.len() == 1
        && let Some(translation) = foreign::call(entry.name, &applying.given, Some(input))
        && !translation.outputs.is_empty()
    {
        let headline = format!("{headline}: the {declared} that come in are inferred");
        let error = Error::new(first.place, headline);
        return Some(error.help(format!("write the layer as {}", translation.said())));
    }
    if let Some(list) = listed(asked) {
        let place = first.place.to(extra.last()?.place);
        return Some(Error::new(place, headline).help(list));
    }
    let mut meant: Vec<(&str, String)> = Vec::new();
    for given in extra {
        let argument = entry.arguments.iter().find(|argument| {
            let fits = given.value.to_core(argument).is_some_and(|value| {
                !matches!(value, Value::None) && argument.check(value).is_ok()
            });
            let taken = matched.iter().any(|(other, _)| other.name == argument.name)
                || meant.iter().any(|(name, _)| *name == argument.name);
            fits && !taken && !argument.positional
        });
        match argument {
            Some(argument) => meant.push((argument.name, given.value.text())),
            None if entry.arguments.is_empty() => return None,
            None => {
                let headline = match &given.value {
                    Val::Word(word) => format!("{called} does not know `{word}` here"),
                    _ => headline,
                };
                let error = Error::new(place, headline);
                return Some(error.help(format!("{} takes {}", entry.name, names(entry))));
            }
        }
    }
    let meant: Vec<String> = meant
        .iter()
        .map(|(name, value)| format!("{name} = {value}"))
        .collect();
    Some(Error::new(place, headline).help(format!("write `{}`", meant.join(", "))))
}

/// What to write for the `1, 0` of `permute(1, 0)`, the numbers of the one argument without a
/// name.
fn listed(asked: &Asked<'_>) -> Option<String> {
    let mut positional = asked.entry.arguments.iter().filter(|a| a.positional);
    let (argument, None) = (positional.next()?, positional.next()) else {
        return None;
    };
    let unnamed = asked
        .applying
        .given
        .iter()
        .filter(|given| given.name.is_none());
    let list: Vec<Val> = unnamed.map(|given| given.value.clone()).collect();
    let list = Val::List(list);
    let value = list.to_core(argument)?;
    argument.check(value).ok()?;
    let fits = |input| outcome(asked.entry, &[(argument.name, value)], &[input], false).is_some();
    let list = list.text();
    Some(match asked.input {
        Some(input) if !fits(input) => format!("they stand in a list: `{list}`"),
        _ if asked
            .applying
            .given
            .iter()
            .all(|given| given.name.is_none()) =>
        {
            format!("write the layer as `{}({list})`", asked.entry.name)
        }
        _ => format!("write `{list}`"),
    })
}

/// The error for the name of no argument.
pub(super) fn unknown(asked: &Asked<'_>, name: &Ident, given: &Given) -> Error {
    let Asked {
        entry,
        applying,
        called,
        input,
    } = asked;
    let text = name.to_string();
    let headline = format!("{called} has no argument `{text}`");
    let alias = entry
        .arguments
        .iter()
        .find(|argument| argument.aliases.contains(&text.as_str()));
    if let Some(argument) = alias {
        let axes = input.as_ref().map_or(1, Shape::spatial_rank);
        let value = match habits::value(argument, &given.value, axes, input.as_ref()) {
            Some(value) => value.to_string(),
            None => given.value.text(),
        };
        let error = Error::new(given.place, headline);
        return error.help(format!("write `{} = {value}`", argument.name));
    }
    if let Some(why) = habits::not_needed(&text) {
        return Error::new(given.place, headline).help(why);
    }
    if text == "activation"
        && let Some(translation) = foreign::call(entry.name, &applying.given, input.as_ref())
    {
        return Error::new(given.place, headline).help(format!(
            "an activation is a layer of its own: write the layer as {}",
            translation.said()
        ));
    }
    if let Val::Flow(_) = given.value
        && entry.weighted
        && ["weight", "weights", "tie", "tied"].contains(&text.as_str())
        && let Some(label) = label_of(applying, name)
    {
        return Error::new(given.place, headline).help(format!("write `shared = {label}`"));
    }
    let error = Error::new(name.span(), headline);
    let near = meant(entry, &text).map(|argument| argument.name);
    let shared = || nearest(&text, ["shared"]).filter(|_| entry.weighted);
    match near.or_else(shared) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None if entry.arguments.is_empty() => {
            error.help(format!("`{}` takes no arguments", entry.name))
        }
        None => error.help(format!("{} takes {}", entry.name, names(entry))),
    }
}

/// The label that an argument of this name is given.
fn label_of(applying: &Applying<'_>, name: &Ident) -> Option<String> {
    let UnitKind::Call(call) = &applying.unit.kind else {
        return None;
    };
    let mut arguments = call.arguments.iter();
    let argument = arguments.find(|argument| argument.name.as_ref() == Some(name))?;
    Some(argument.value.to_string())
}

/// The argument that a name was meant for: that of another framework, one that begins so,
/// or the nearest by its letters.
pub(super) fn meant(entry: &'static Entry, text: &str) -> Option<&'static Argument> {
    if let Some(argument) = habits::find(entry, text) {
        return Some(argument);
    }
    let begins = |argument: &&Argument| argument.name.starts_with(text);
    let mut beginning = entry.arguments.iter().filter(begins);
    if text.len() > 2
        && let Some(argument) = beginning.next()
    {
        return Some(argument);
    }
    let names = |argument: &'static Argument| {
        [argument.name]
            .into_iter()
            .chain(argument.aliases.iter().copied())
    };
    let near = nearest(text, entry.arguments.iter().flat_map(names))?;
    habits::find(entry, near)
}

/// The error for an argument that is there twice: by its place and by its name, what stands
/// at the place was meant for another one.
pub(super) fn twice(
    asked: &Asked<'_>,
    argument: &'static Argument,
    given: &Given,
    matched: &[(&'static Argument, &Given)],
) -> Error {
    let headline = format!("`{}` of {} is given twice", argument.name, asked.called);
    let earlier = matched
        .iter()
        .find(|(other, _)| other.name == argument.name);
    if let Some((_, earlier)) = earlier
        && earlier.name.is_none()
        && !matches!(earlier.value, Val::Unknown)
    {
        let is_value = matches!(earlier.value, Val::Flow(_));
        let free = asked.entry.arguments.iter().find(|other| {
            let taken = matched.iter().any(|(taken, _)| taken.name == other.name);
            let fits = if is_value {
                other.accepts.value
            } else {
                earlier
                    .value
                    .to_core(other)
                    .is_some_and(|value| other.check(value).is_ok())
            };
            !taken && fits && (is_value || other.positional)
        });
        let text = match (&earlier.value, &asked.applying.unit.kind) {
            (Val::Flow(_), UnitKind::Call(call)) => {
                let mut unnamed = call.arguments.iter().filter(|given| given.name.is_none());
                unnamed
                    .next()
                    .map_or_else(String::new, |given| given.value.to_string())
            }
            (value, _) => value.text(),
        };
        if let Some(free) = free {
            return Error::new(earlier.place, headline)
                .help(format!("write `{} = {text}`", free.name));
        }
    }
    let same = earlier.is_some_and(|(_, earlier)| earlier.value.text() == given.value.text());
    Error::new(given.place, headline).help(match same {
        true => "leave the second out",
        false => "leave one of the two out",
    })
}

/// What a layer takes, by name.
fn names(entry: &Entry) -> String {
    let own = entry.arguments.iter().map(|argument| argument.name);
    let shared = entry.weighted.then_some("shared");
    let names: Vec<String> = own.chain(shared).map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// The error for a required argument that is not written.
pub(super) fn missing(asked: &Asked<'_>, result: &Arguments) -> Option<Error> {
    let Asked {
        entry,
        applying,
        called,
        ..
    } = asked;
    if entry.inputs == Inputs::Merge && result.operands.len() < 2 {
        let name = entry.name;
        let mut given = applying.given.iter().filter(|given| given.name.is_none());
        let help = match given.next().and_then(|given| given.word.as_ref()) {
            // Often what flows in is meant to be the other.
            Some(word) if word != "_" => format!("write the layer as `{name}({word}, _)`"),
            _ => format!(
                "it is written `{name}(label, _)` or `{name} {{ branch {{ ... }} branch {{ ... }} }}`"
            ),
        };
        return Some(
            Error::new(
                applying.name.span(),
                format!(
                    "{called} merges two values or more, but has {}",
                    result.operands.len()
                ),
            )
            .help(help),
        );
    }
    let argument = entry.arguments.iter().find(|argument| {
        argument.required && !result.given.iter().any(|(name, _)| *name == argument.name)
    })?;
    // `the queries`, `what is added`, but `number of kernels`.
    let said = ["the ", "what ", "how "];
    let article = match said.iter().any(|word| argument.doc.starts_with(word)) {
        true => "",
        false => "the ",
    };
    let (name, doc) = (argument.name, argument.doc);
    Some(
        Error::new(
            applying.name.span(),
            format!("{called} needs `{name}`, {article}{doc}"),
        )
        .help(format!("it is written `{}`", habits::usage(entry))),
    )
}

/// The error for a value of the wrong type, with what was meant where that can
/// be told.
pub(super) fn wrong_type(
    asked: &Asked<'_>,
    argument: &'static Argument,
    given: &Given,
    value: &Val,
) -> Error {
    let called = &asked.called;
    if let Val::Int(negative @ i128::MIN..0) = value
        && argument.accepts.int
    {
        let error = CoreError::TooSmall {
            argument: argument.name,
            least: argument.least,
        };
        let headline = format!("{}, not {negative}", error.headline(called).as_str());
        let error = Error::new(given.place, headline);
        if asked.entry.name == "reshape" && *negative == -1 {
            return error.help("write the layer as `flatten`");
        }
        return error;
    }
    let core = CoreError::WrongType { argument };
    let found = match value {
        Val::Text(_) | Val::Int(_) => format!(", not {}", value.text()),
        Val::Word(word) => format!(", not `{word}`"),
        Val::Flow(_) | Val::Flows(_) => ", not a value of the network".to_owned(),
        _ => format!(", not {}: `{}`", value.noun(), value.text()),
    };
    let error = Error::new(given.place, format!("{}{found}", core.headline(called)));
    let written = |value: &str| text_of(argument, given, value);
    if let (Val::List(extents), "reshape", Some(input)) = (value, asked.entry.name, &asked.input)
        && let Some(list) = completed(extents, input)
    {
        return error.help(written(&list));
    }
    let keywords = argument.accepts.keywords.iter().copied();
    match value {
        Val::List(values) if argument.accepts.int && !argument.accepts.extents && !values.is_empty() => {
            match &given.word {
                Some(word) => error.help(format!(
                    "one of them is `{word}[0]`, and `repeat element in {word} {{ ... }}` goes through all"
                )),
                None => error,
            }
        }
        Val::Layer(_) if let Some(list) = value.text().strip_suffix(".len") => {
            error.help(written(&format!("len({list})")))
        }
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
        Val::Text(text) if argument.accepts.sides && text.to_lowercase() == "valid" => {
            error.help(written("0"))
        }
        Val::Float(number) if argument.accepts.int && number.fract() == 0.0 && *number >= 0.0 => {
            error.help(written(&number.to_string()))
        }
        Val::Text(text) => match nearest(text, keywords) {
            Some(near) => error.help(written(near)),
            None => error,
        },
        Val::Word(word) if argument.accepts.bool && (word == "True" || word == "False") => {
            error.help(written(&word.to_string().to_lowercase()))
        }
        Val::Word(word)
            if argument.accepts.bool
                && let Some(near) = nearest(&word.to_string(), ["true", "false"]) =>
        {
            error.help(written(near))
        }
        Val::Word(word) if argument.accepts.sides && word.to_string().to_lowercase() == "valid" => {
            error.help(written("0"))
        }
        Val::Word(word) => match nearest(&word.to_string(), keywords) {
            Some(near) => error.help(written(near)),
            None => error,
        },
        Val::Int(0 | 1) if argument.accepts.bool => {
            error.help(written(if matches!(value, Val::Int(1)) {
                "true"
            } else {
                "false"
            }))
        }
        Val::Extents(_) if given.name.is_none() && argument.positional => {
            error.help(format!("it is written `{}`", habits::usage(asked.entry)))
        }
        _ => error,
    }
}

/// Extents with the one for -1 that keeps all elements: `[14, 14, 8]`.
fn completed(extents: &[Val], input: &Shape) -> Option<String> {
    let elements = usize::try_from(input.checked_elements()?).ok()?;
    let known: Vec<usize> = extents.iter().filter_map(Val::extent).collect();
    let product = known
        .iter()
        .try_fold(1_usize, |product, extent| product.checked_mul(*extent))?;
    let open = extents
        .iter()
        .filter(|extent| matches!(extent, Val::Int(-1)));
    if open.count() != 1
        || known.len() + 1 != extents.len()
        || elements.checked_rem(product) != Some(0)
    {
        return None;
    }
    let extents = extents
        .iter()
        .map(|extent| extent.extent().unwrap_or(elements / product));
    let extents: Vec<String> = extents.map(|extent| extent.to_string()).collect();
    Some(format!("[{}]", extents.join(", ")))
}

/// What to write for an argument: with its name where it has one or needs one.
pub(super) fn text_of(argument: &Argument, given: &Given, value: &str) -> String {
    if given.name.is_some() || !argument.positional {
        format!("write `{} = {value}`", argument.name)
    } else {
        format!("write `{value}`")
    }
}
