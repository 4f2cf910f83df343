//! What an argument of another framework is here.

use shapewise_core::catalogue::{Argument, Entry};
use shapewise_core::{Shape, Value};

use super::Filled;
use super::order::order;
use crate::resolve::call::habits::{activation, find, not_needed};
use crate::resolve::value::{Given, Val};

/// What an argument of another framework is here.
pub(super) enum Meaning {
    /// This argument, with what is written.
    Argument(&'static Argument),
    /// This argument, with this value.
    Set(&'static Argument, Value),
    /// What is so here without it.
    Nothing,
    /// What comes in, which is inferred: what is told where it is not so.
    Declared(Option<String>),
    /// A layer of its own.
    Layer(&'static str),
    /// It is not known.
    Unknown,
}

pub(super) fn meaning(
    entry: &'static Entry,
    called: &str,
    value: &Val,
    input: Option<&Shape>,
    keras: bool,
) -> Meaning {
    let word = match value {
        Val::Word(word) => word.to_string(),
        Val::Text(text) => text.clone(),
        _ => String::new(),
    };
    if word == "None" {
        return Meaning::Nothing;
    }
    let own = find(entry, called);
    match (called, value) {
        ("normalized_shape", Val::Tuple(axes) | Val::List(axes)) if axes.len() > 1 => {
            return match entry.argument("axes") {
                Some(argument) => Meaning::Set(argument, Value::Int(axes.len() as u64)),
                None => Meaning::Unknown,
            };
        }
        ("normalized_shape", _) => {
            return Meaning::Declared(declared(value, input));
        }
        ("axis", Val::Int(-1)) | ("start_dim", Val::Int(1)) | ("end_dim", Val::Int(-1)) => {
            return Meaning::Nothing;
        }
        ("dim", Val::Int(-1)) => return Meaning::Nothing,
        ("dim", Val::Int(1)) if input.is_none_or(|input| input.rank() != 2) => {
            return Meaning::Nothing;
        }
        // Keras says how much of the old value is kept, PyTorch how much of the new one is taken.
        ("momentum", Val::Float(kept)) if keras => {
            let taken = ((1.0 - kept) * 1e6).round() / 1e6;
            return own.map_or(Meaning::Unknown, |own| {
                Meaning::Set(own, Value::Float(taken))
            });
        }
        ("num_parameters", Val::Int(slopes)) => {
            return match own {
                Some(argument) if *slopes != 1 => Meaning::Set(argument, Value::Bool(true)),
                _ => Meaning::Nothing,
            };
        }
        ("activation" | "recurrent_activation", _) if own.is_none() => {
            return match activation(value) {
                _ if word == "linear" => Meaning::Nothing,
                // What a recurrent layer has without it.
                Some("tanh" | "sigmoid") if entry.results.len() > 1 => Meaning::Nothing,
                Some(layer) if entry.results.len() == 1 => Meaning::Layer(layer),
                _ => Meaning::Unknown,
            };
        }
        _ => {}
    }
    if let Some(argument) = own {
        return Meaning::Argument(argument);
    }
    match not_needed(called) {
        Some(_) if matches!(value, Val::Int(_)) => Meaning::Declared(declared(value, input)),
        Some(_) => Meaning::Nothing,
        None => Meaning::Unknown,
    }
}

/// `3 channels, but 4 come in`
fn declared(value: &Val, input: Option<&Shape>) -> Option<String> {
    let (Val::Int(declared), Some(input)) = (value, input) else {
        return None;
    };
    let comes_in = input.channels();
    let what = input.last_axis_name();
    (usize::try_from(*declared) != Ok(comes_in))
        .then(|| format!("{declared} {what}, but {comes_in} come in"))
}

/// What the name of a layer says that is an argument here: a mode, or a default of Keras's
/// that is another one.
pub(super) fn implied(entry: &'static Entry, name: &str, given: &[Given]) -> Vec<Filled> {
    let is_given = |wanted: &str| {
        let mut named = given.iter().filter_map(|given| given.name.as_ref());
        named.any(|name| find(entry, &name.to_string()).is_some_and(|a| a.name == wanted))
    };
    let set = |argument: &str, value: Value| {
        let argument = entry.argument(argument).filter(|a| !is_given(a.name))?;
        Some((argument, Some(value), value.to_string()))
    };
    let modes = [
        ("ReflectionPad", "reflect"),
        ("ReplicationPad", "replicate"),
        ("CircularPad", "circular"),
        ("UpsamplingBilinear", "bilinear"),
    ];
    if let Some((_, mode)) = modes.iter().find(|(start, _)| name.starts_with(start)) {
        return set("mode", Value::Keyword(mode)).into_iter().collect();
    }
    if name.ends_with("Normalization") {
        return set("eps", Value::Float(1e-3)).into_iter().collect();
    }
    let recurrent = matches!(name, "LSTM" | "GRU" | "SimpleRNN");
    if !recurrent || order(name, given).is_some() {
        return Vec::new();
    }
    // Keras gives the last value unless it is asked for all, and has one bias per gate.
    let bias = set("bias", Value::Keyword("single")).filter(|_| name != "GRU");
    let last = set("return_sequence", Value::Bool(false));
    bias.into_iter().chain(last).collect()
}

/// Whether a pool moves by its own size.
pub(super) fn stays(stride: Option<&Value>, kernel: Option<&Value>) -> bool {
    match (stride, kernel) {
        (Some(Value::Int(stride)), Some(Value::Extents(kernel))) => {
            (0..kernel.len()).all(|axis| usize::try_from(*stride) == Ok(kernel.at(axis)))
        }
        (stride, kernel) => stride.is_some() && stride == kernel,
    }
}
