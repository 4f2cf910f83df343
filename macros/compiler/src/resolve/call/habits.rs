//! Calls as other frameworks write them, said in this language.

use shapewise_core::catalogue::{self, Argument, Entry};
use shapewise_core::{Extents, Shape, Value};

use crate::resolve::value::Val;

/// Arguments that say what comes in, which is inferred here.
const INFERRED: [&str; 11] = [
    "in_channels",
    "in_features",
    "input_size",
    "input_shape",
    "input_dim",
    "input_length",
    "embed_dim",
    "d_model",
    "num_features",
    "num_channels",
    "normalized_shape",
];

/// Arguments that change neither shapes nor counts.
const WITHOUT_EFFECT: [&str; 12] = [
    "inplace",
    "name",
    "data_format",
    "device",
    "dtype",
    "batch_first",
    "batch_size",
    "return_indices",
    "return_state",
    "seed",
    "trainable",
    "training",
];

/// How the names of arguments end that say how weights begin and are bounded.
const WITHOUT_EFFECT_BY_END: [&str; 3] = ["_initializer", "_regularizer", "_constraint"];

/// Why an argument of another framework is not needed.
pub(super) fn not_needed(name: &str) -> Option<&'static str> {
    if INFERRED.contains(&name) {
        Some("what comes in is inferred: leave it out")
    } else if WITHOUT_EFFECT.contains(&name)
        || WITHOUT_EFFECT_BY_END.iter().any(|end| name.ends_with(end))
    {
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
/// `3` for a kernel as an extent for each of `axes`.
pub(super) fn value(
    argument: &Argument,
    value: &Val,
    axes: usize,
    input: Option<&Shape>,
) -> Option<Value> {
    let accepts = argument.accepts;
    let value = match value {
        Val::Tuple(values) | Val::List(values) if accepts.extents => {
            let extents: Option<Vec<usize>> = values.iter().map(Val::extent).collect();
            let extents = extents?;
            match extents.as_slice() {
                // One number stands for all axes.
                [first, rest @ ..]
                    if accepts.int && !argument.positional && rest.iter().all(|e| e == first) =>
                {
                    Value::Int(u64::try_from(*first).ok()?)
                }
                extents => Value::Extents(Extents::try_new(extents)?),
            }
        }
        Val::Int(extent) if accepts.extents && argument.positional => {
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
pub(in crate::resolve) fn usage(entry: &Entry) -> String {
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

/// The argument of that name, or of that name in another framework.
pub(super) fn find(entry: &'static Entry, name: &str) -> Option<&'static Argument> {
    let alias = |argument: &&Argument| argument.aliases.contains(&name);
    entry
        .argument(name)
        .or_else(|| entry.arguments.iter().find(alias))
}
