//! Calls as other frameworks write them, said in this language.

use shapewise_core::catalogue::{self, Argument, Entry};
use shapewise_core::{Extents, Shape, Value};

use crate::check::layer::outcome;
use crate::resolve::value::{Given, Val};

/// Arguments that say what comes in, which is inferred here.
const INFERRED: [&str; 10] = [
    "in_channels",
    "in_features",
    "input_size",
    "input_shape",
    "input_dim",
    "embed_dim",
    "d_model",
    "num_features",
    "num_channels",
    "normalized_shape",
];

/// Arguments that change neither shapes nor counts.
const WITHOUT_EFFECT: [&str; 6] = [
    "inplace",
    "name",
    "data_format",
    "device",
    "dtype",
    "batch_first",
];

/// Why an argument of another framework is not needed.
pub(super) fn not_needed(name: &str) -> Option<&'static str> {
    if INFERRED.contains(&name) {
        Some("what comes in is inferred: leave it out")
    } else if WITHOUT_EFFECT.contains(&name) {
        Some("it changes no shape and no count: leave it out")
    } else {
        None
    }
}

/// The layer that a text or word names, where it can stand without arguments.
pub(super) fn activation(value: &Val) -> Option<&'static str> {
    let name = match value {
        Val::Text(text) => text.clone(),
        Val::Word(word) => word.to_string(),
        _ => return None,
    };
    let entry = catalogue::find(&name)?;
    let alone = entry.arguments.iter().all(|argument| !argument.required);
    (alone && entry.inputs == catalogue::Inputs::Flow).then_some(entry.name)
}

/// A value as it is written here: `(3, 3)` as extents, `"same"` as a keyword,
/// `3` for a kernel as an extent per axis.
pub(super) fn value(argument: &Argument, value: &Val, input: Option<&Shape>) -> Option<Value> {
    let accepts = argument.accepts;
    let value = match value {
        Val::Tuple(values) | Val::List(values) if accepts.extents => {
            let extents: Option<Vec<usize>> = values.iter().map(Val::extent).collect();
            Value::Extents(Extents::try_new(&extents?)?)
        }
        Val::Int(extent) if accepts.extents && argument.positional => {
            let axes = input.map_or(1, Shape::spatial_rank);
            let extent = usize::try_from(*extent).ok()?;
            Value::Extents(Extents::try_new(&vec![extent; axes.max(1)])?)
        }
        Val::Int(dim) if accepts.keywords.contains(&"channels") => axis(argument, *dim, input?)?,
        Val::Text(text) => keyword(argument, text)?,
        Val::Word(word) => keyword(argument, &word.to_string())?,
        other => other.to_core(argument)?,
    };
    Some(value)
}

/// The axis that PyTorch counts so, the batch being 0 and the channels of images 1.
fn axis(argument: &Argument, dim: i128, input: &Shape) -> Option<Value> {
    let rank = input.rank();
    let all = i128::try_from(rank).ok()? + 1;
    let counted = usize::try_from(if dim < 0 { dim + all } else { dim }).ok()?;
    let place = match (rank, counted) {
        (_, 0) => return None,
        (..=2, counted) => counted - 1,
        (_, 1) => rank - 1,
        (_, counted) => counted - 2,
    };
    let name = (place < rank).then(|| input.axis_name(place))?;
    let keyword = argument
        .accepts
        .keywords
        .iter()
        .find(|word| **word == name)?;
    Some(Value::Keyword(keyword))
}

/// `same` for `"SAME"`, no padding for `"valid"`, `true` for `True`.
fn keyword(argument: &Argument, text: &str) -> Option<Value> {
    let accepts = argument.accepts;
    let text = text.to_lowercase();
    match text.as_str() {
        "valid" if accepts.sides => return Some(Value::Int(0)),
        "true" if accepts.bool => return Some(Value::Bool(true)),
        "false" if accepts.bool => return Some(Value::Bool(false)),
        _ => {}
    }
    let keyword = accepts.keywords.iter().find(|keyword| **keyword == text)?;
    Some(Value::Keyword(keyword))
}

/// A call of another framework in this language, with what comes out of it:
/// `` `conv(96, 11x11)` (=> 217x217x96) ``. Nothing where it has no meaning here
/// or does not fit.
pub(super) fn translate(entry: &'static Entry, given: &[Given], input: &Shape) -> Option<String> {
    let is_named = |given: &&Given| given.name.is_some();
    let positional = |argument: &&Argument| argument.positional;
    let places = entry.arguments.iter().filter(positional).count();
    let named = given
        .iter()
        .filter(is_named)
        .filter_map(|given| find(entry, &given.name.as_ref()?.to_string()))
        .filter(positional)
        .count();
    let unnamed = given.len() - given.iter().filter(is_named).count();
    let first = given.iter().find(|given| given.name.is_none());
    let comes_in = i128::try_from(input.channels()).ok()?;
    let inferred = unnamed + named > places
        && matches!(first, Some(Given { value: Val::Int(first), .. }) if *first == comes_in);

    let mut values: Vec<(&'static Argument, Value)> = Vec::new();
    let mut after = String::new();
    let mut skipped = !inferred;
    for given in given {
        let argument = match &given.name {
            None if !skipped => {
                skipped = true;
                continue;
            }
            None => entry
                .arguments
                .iter()
                .find(|argument| values.iter().all(|(other, _)| other.name != argument.name))?,
            Some(name) => {
                let name = name.to_string();
                match find(entry, &name) {
                    Some(argument) => argument,
                    None if not_needed(&name).is_some() => continue,
                    None if name == "activation" => {
                        after = format!(", {}", activation(&given.value)?);
                        continue;
                    }
                    None => return None,
                }
            }
        };
        if given.to.is_some() {
            return None;
        }
        values.push((argument, value(argument, &given.value, Some(input))?));
    }
    for (argument, value) in &values {
        argument.check(*value).ok()?;
    }
    let given: Vec<(&'static str, Value)> = values
        .iter()
        .map(|(argument, value)| (argument.name, *value))
        .collect();
    let output = outcome(entry, &given, &[*input], false)?;
    Some(format!("`{}{after}` (=> {output})", written(entry, &given)))
}

/// A layer as it is written: `conv(96, 11x11, stride = 4)`.
pub(in crate::resolve) fn written(entry: &Entry, given: &[(&'static str, Value)]) -> String {
    let mut parts = Vec::new();
    let mut in_place = true;
    for argument in entry.arguments {
        match given.iter().find(|(name, _)| *name == argument.name) {
            Some((_, value)) if argument.positional && in_place => parts.push(value.to_string()),
            Some((name, value)) => parts.push(format!("{name} = {value}")),
            None => in_place = false,
        }
    }
    if parts.is_empty() {
        entry.name.to_owned()
    } else {
        format!("{}({})", entry.name, parts.join(", "))
    }
}

/// A layer with the names of what it needs: `conv(channels, kernel)`.
pub(super) fn usage(entry: &Entry) -> String {
    let names: Vec<&str> = entry
        .arguments
        .iter()
        .filter(|argument| argument.required || argument.positional)
        .map(|argument| argument.name)
        .collect();
    if names.is_empty() {
        entry.name.to_owned()
    } else {
        format!("{}({})", entry.name, names.join(", "))
    }
}

fn find(entry: &'static Entry, name: &str) -> Option<&'static Argument> {
    let alias = |argument: &&Argument| argument.aliases.contains(&name);
    entry
        .argument(name)
        .or_else(|| entry.arguments.iter().find(alias))
}
