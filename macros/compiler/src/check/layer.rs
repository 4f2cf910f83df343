//! Whether a layer fits its inputs.

use shapewise_core::catalogue::{self, Entry, Inputs};
use shapewise_core::error::{Error as CoreError, Fix};
use shapewise_core::{Counts, Layer, Shape, Value};

use crate::report::{Error, Place};

/// A layer with all that is known of it where it stands.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    /// What it is.
    pub entry: &'static Entry,
    /// What it is called in a sentence: `` `conv5` ``.
    pub called: &'a str,
    /// The arguments that were written.
    pub given: &'a [(&'static str, Value)],
    /// Where each of them stands.
    pub places: &'a [Place],
    /// What goes in.
    pub inputs: &'a [Input<'a>],
    /// The input of the network that flows in, through layers with one input.
    pub port: Option<Shape>,
    /// Its name and arguments.
    pub whole: Place,
    /// Whether a stride that drops elements is an error.
    pub deny_inexact_stride: bool,
}

/// A value that goes into a layer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Input<'a> {
    /// Its shape.
    pub shape: Shape,
    /// Where it comes from.
    pub origin: &'a str,
}

/// A layer that fits.
#[derive(Debug)]
pub(crate) struct Checked {
    /// Its hyperparameters.
    pub layer: Layer,
    /// The shapes of all its results.
    pub outputs: Vec<Shape>,
    /// What it costs.
    pub counts: Counts,
}

/// Asks the layer's rules.
///
/// # Errors
///
/// The message for a layer that does not fit, with the fixes that would.
pub(crate) fn check(subject: &Subject<'_>) -> Result<Checked, Error> {
    let inputs: Vec<Shape> = subject.inputs.iter().map(|input| input.shape).collect();
    let checked = apply(subject.entry, subject.given, &inputs)
        .map_err(|error| explain(subject, &inputs, &error))?;
    if subject.deny_inexact_stride
        && let Some(error) = checked.layer.inexact_stride(&inputs)
    {
        return Err(explain(subject, &inputs, &error));
    }
    Ok(checked)
}

/// Asks the rules alone.
pub(crate) fn apply(
    entry: &'static Entry,
    given: &[(&'static str, Value)],
    inputs: &[Shape],
) -> Result<Checked, CoreError> {
    let layer = Layer::build(entry, given, inputs)?;
    let outputs = (0..layer.results())
        .map(|result| layer.output(inputs, result))
        .collect::<Result<Vec<_>, _>>()?;
    let counts = Counts::of(&layer, inputs)?;
    for output in &outputs {
        if output.checked_elements().is_none() {
            return Err(CoreError::Overflow {
                what: "the number of elements of the output",
            });
        }
    }
    Ok(Checked {
        layer,
        outputs,
        counts,
    })
}

/// The message for an error of `core`.
fn explain(subject: &Subject<'_>, inputs: &[Shape], error: &CoreError) -> Error {
    let place = error
        .argument()
        .and_then(|name| subject.given.iter().position(|(given, _)| *given == name))
        .and_then(|index| subject.places.get(index))
        .copied()
        .or_else(|| declared_place(subject, error))
        .unwrap_or(subject.whole);
    let mut told = Error::new(place, error.headline(subject.called).as_str());
    let several = subject.inputs.len() > 1;
    for (i, input) in subject.inputs.iter().enumerate() {
        let name = if several {
            format!("input {}", i + 1)
        } else {
            "input".to_owned()
        };
        told = told.fact(&name, format!("{}, from {}", input.shape, input.origin));
    }
    told.fact("needs", error.needs().as_str())
        .help(super::notation::hint(subject, error))
        .help(helps(subject, inputs, error))
}

fn declared_place(subject: &Subject<'_>, error: &CoreError) -> Option<Place> {
    if !matches!(error, CoreError::DeclaredInput { .. }) {
        return None;
    }
    let index = subject.given.iter().position(|(name, _)| *name == "in")?;
    subject.places.get(index).copied()
}

/// The fixes with which the layer fits, and what comes out then.
fn helps(subject: &Subject<'_>, inputs: &[Shape], error: &CoreError) -> String {
    let mut helps: Vec<String> = Vec::new();
    if let CoreError::DeclaredInput { declared, input } = error
        && let Some(index) = subject.given.iter().position(|(name, _)| *name == "in")
        && let Some((_, value)) = subject.given.get(index + 1)
    {
        debug_assert_ne!(*declared, input.channels() as u64);
        helps.push(format!("`{} -> {value}`", input.channels()));
    }
    for fix in error.fixes() {
        if let Some(help) = help(subject, inputs, &fix)
            && !helps.contains(&help)
        {
            helps.push(help);
        }
    }
    match helps.len() {
        0 | 1 => helps.concat(),
        2 => helps.join(" or "),
        _ => {
            let last = helps.pop().unwrap_or_default();
            format!("{}, or {last}", helps.join(", "))
        }
    }
}

/// One fix in words, where it works.
fn help(subject: &Subject<'_>, inputs: &[Shape], fix: &Fix) -> Option<String> {
    match fix {
        Fix::None => None,
        Fix::Set { argument, value } => {
            let argument = subject.entry.argument(argument)?;
            argument.check(*value).ok()?;
            let mut given: Vec<(&'static str, Value)> = subject
                .given
                .iter()
                .copied()
                .filter(|(name, _)| *name != argument.name)
                .collect();
            let before = subject.given.len();
            let replaced = given.len() < before;
            given.push((argument.name, *value));
            let output = outcome(subject.entry, &given, inputs, subject.deny_inexact_stride)?;
            Some(if argument.positional && replaced {
                format!("{} `{value}` (=> {output})", argument.name)
            } else {
                format!("`{} = {value}` (=> {output})", argument.name)
            })
        }
        Fix::Before(name) => {
            let unit = catalogue::find(name)?;
            let between = apply(unit, &[], inputs).ok()?;
            let output = outcome(subject.entry, subject.given, &between.outputs, false)?;
            Some(format!("`{name},` before it (=> {output})"))
        }
        Fix::Instead { layer, kernel } => {
            let other = catalogue::find(layer)?;
            let first = other.arguments.first()?;
            let (_, value) = subject.given.first()?;
            let given = [(first.name, *value), ("kernel", Value::Extents(*kernel))];
            let output = outcome(other, &given, inputs, false)?;
            Some(format!("`{layer}({value}, {kernel})` (=> {output})"))
        }
    }
}

/// What comes out of a layer, where it fits.
pub(crate) fn outcome(
    entry: &'static Entry,
    given: &[(&'static str, Value)],
    inputs: &[Shape],
    exact: bool,
) -> Option<Shape> {
    outcomes(entry, given, inputs, exact)?.first().copied()
}

/// All that comes out of a layer, where it fits.
pub(crate) fn outcomes(
    entry: &'static Entry,
    given: &[(&'static str, Value)],
    inputs: &[Shape],
    exact: bool,
) -> Option<Vec<Shape>> {
    if entry.inputs == Inputs::Flow && inputs.is_empty() {
        return None;
    }
    let checked = apply(entry, given, inputs).ok()?;
    if exact && checked.layer.inexact_stride(inputs).is_some() {
        return None;
    }
    Some(checked.outputs)
}
