//! Calls of other frameworks, translated: what each of their arguments is here.

mod meaning;
mod order;

use shapewise_core::catalogue::{self, Argument, Entry, Inputs};
use shapewise_core::{Shape, Value};

use super::habits::{activation, find, value};
use crate::check::layer::outcomes;
use crate::resolve::value::{Applied, Given, Val};
use meaning::{Meaning, implied, meaning, stays};
use order::order;

/// A call in this language.
#[derive(Debug)]
pub(in crate::resolve) struct Translation {
    /// The layers: `conv(32, 3x3)`, `relu`; none where nothing is to be written.
    pub(in crate::resolve) layers: Vec<String>,
    /// Whether they are a part of their own: `{ conv(32, 3x3), relu; }`.
    pub(in crate::resolve) group: bool,
    /// What comes out of them, where that is known.
    pub(in crate::resolve) outputs: Vec<Shape>,
    /// What it says of its input, where that is not what comes in.
    pub(in crate::resolve) declared: Option<String>,
}

impl Translation {
    /// Nothing is to be written.
    fn nothing(input: Option<&Shape>) -> Self {
        Self {
            layers: Vec::new(),
            group: false,
            outputs: input.copied().into_iter().collect(),
            declared: None,
        }
    }

    /// What is written in the place of the call.
    pub(in crate::resolve) fn text(&self) -> String {
        let layers = self.layers.join(", ");
        if self.group {
            format!("{{ {layers}; }}")
        } else {
            layers
        }
    }

    /// `` `conv(96, 11x11)` (=> 217x217x96) ``
    pub(in crate::resolve) fn said(&self) -> String {
        match self.outputs.first() {
            Some(output) => format!("`{}` (=> {output})", self.text()),
            None => format!("`{}`", self.text()),
        }
    }
}

/// A call of any layer, of another framework or of this one, on what flows in, where that
/// is known; nothing where it is not known what is meant.
pub(in crate::resolve) fn call(
    name: &str,
    given: &[Given],
    input: Option<&Shape>,
) -> Option<Translation> {
    // `F.relu(x)`
    let given = match given {
        [first, rest @ ..] if is_function(name) && is_value(first) => rest,
        given => given,
    };
    match name {
        "Sequential" if given.is_empty() => return Some(Translation::nothing(input)),
        "Sequential" => return sequence(given, input),
        // `model.add(layer)`
        "add" => {
            let [
                Given {
                    value: Val::Layer(added),
                    ..
                },
            ] = given
            else {
                return None;
            };
            return applied(added, input);
        }
        // What comes in is declared by the network.
        "Input" | "InputLayer" => return Some(Translation::nothing(input)),
        "Bidirectional" | "TimeDistributed" => return wrapped(name, given, input),
        "Activation" => {
            let [only] = given else { return None };
            return call(activation(&only.value)?, &[], input);
        }
        _ => {}
    }
    let mut entries = catalogue::entries();
    let entry = entries.find(|entry| entry.aliases.contains(&name) || entry.name == name)?;
    if entry.inputs != Inputs::Flow {
        return None;
    }
    let ordered = order(name, given).and_then(|order| translate(entry, name, given, order, input));
    ordered.or_else(|| unordered(entry, name, given, input))
}

/// Whether other frameworks have a layer of that name.
pub(super) fn is_known(name: &str) -> bool {
    let whole = ["Sequential", "Input", "InputLayer"];
    whole.contains(&name) || catalogue::entries().any(|entry| entry.aliases.contains(&name))
}

/// A layer as an argument.
fn applied(applied: &Applied, input: Option<&Shape>) -> Option<Translation> {
    call(&applied.name.to_string(), &applied.arguments, input)
}

/// Whether a name is that of a function, which takes the value first.
fn is_function(name: &str) -> bool {
    name.starts_with(char::is_lowercase)
}

/// Whether this is a value and not a setting: `x`.
fn is_value(given: &Given) -> bool {
    given.name.is_none()
        && match &given.value {
            Val::Word(word) => is_name(&word.to_string()),
            Val::Flow(_) | Val::Unknown => true,
            _ => false,
        }
}

/// `Bidirectional(LSTM(128))`, `TimeDistributed(Dense(10))`
fn wrapped(name: &str, given: &[Given], input: Option<&Shape>) -> Option<Translation> {
    let Some(Given {
        value: Val::Layer(layer),
        ..
    }) = given.first()
    else {
        return None;
    };
    if name == "TimeDistributed" {
        return applied(layer, input);
    }
    let mut arguments = layer.arguments.clone();
    arguments.push(Given {
        name: Some(proc_macro2::Ident::new("bidirectional", layer.name.span())),
        value: Val::Bool(true),
        word: None,
        to: None,
        place: layer.name.span().into(),
    });
    call(&layer.name.to_string(), &arguments, input)
}

/// The layers of a `Sequential`, in its parentheses or in a list there.
fn sequence(given: &[Given], input: Option<&Shape>) -> Option<Translation> {
    let values: Vec<&Val> = match given {
        [
            Given {
                value: Val::List(values),
                ..
            },
            ..,
        ] => values.iter().collect(),
        given => given.iter().map(|given| &given.value).collect(),
    };
    let mut layers = Vec::new();
    let mut flow: Vec<Shape> = input.copied().into_iter().collect();
    let mut declared = None;
    for value in values {
        let translation = match value {
            Val::Layer(layer) => applied(layer, flow.first())?,
            Val::Word(word) => call(&word.to_string(), &[], flow.first())?,
            _ => return None,
        };
        if translation.group {
            layers.push(translation.text());
        } else {
            layers.extend(translation.layers);
        }
        declared = declared.or(translation.declared);
        flow = translation.outputs;
    }
    (!layers.is_empty()).then_some(Translation {
        layers,
        group: true,
        outputs: flow,
        declared,
    })
}

/// A merge of these values, which have these shapes.
pub(in crate::resolve) fn merge(
    entry: &'static Entry,
    operands: &[String],
    shapes: Option<&[Shape]>,
) -> Option<Translation> {
    if operands.len() < 2 {
        return None;
    }
    let outputs = shapes.and_then(|shapes| outcomes(entry, &[], shapes, false));
    Some(Translation {
        layers: vec![format!("{}({})", entry.name, operands.join(", "))],
        group: false,
        outputs: outputs.unwrap_or_default(),
        declared: None,
    })
}

/// A call whose arguments without names stand as in the catalogue, behind what comes in
/// where that is written first.
fn unordered(
    entry: &'static Entry,
    name: &str,
    given: &[Given],
    input: Option<&Shape>,
) -> Option<Translation> {
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
    let comes_in = input.and_then(|input| i128::try_from(input.channels()).ok());
    let inferred = unnamed + named > places
        && matches!(first, Some(Given { value: Val::Int(first), .. }) if Some(*first) == comes_in);
    let mut order: Vec<&str> = Vec::new();
    if inferred {
        order.push("in_channels");
    }
    let is_given = |argument: &&Argument| {
        let mut named = given.iter().filter_map(|given| given.name.as_ref());
        let found = |name: &proc_macro2::Ident| find(entry, &name.to_string());
        named.any(|name| found(name).is_some_and(|other| other.name == argument.name))
    };
    let free = entry
        .arguments
        .iter()
        .filter(|argument| !is_given(argument));
    order.extend(free.map(|argument| argument.name));
    translate(entry, name, given, &order, input)
}

/// An argument with its value, or with what was written where that is not known.
type Filled = (&'static Argument, Option<Value>, String);

/// A call whose arguments without names have these.
fn translate(
    entry: &'static Entry,
    name: &str,
    given: &[Given],
    order: &[&str],
    input: Option<&Shape>,
) -> Option<Translation> {
    let axes = axes(name).or_else(|| input.map(Shape::spatial_rank));
    let mut filled: Vec<Filled> = Vec::new();
    let mut after = Vec::new();
    let mut declared = None;
    let mut places = order.iter();
    let keras = name.ends_with("Normalization");
    for given in given {
        if given.to.is_some() {
            return None;
        }
        let called = match &given.name {
            Some(name) => name.to_string(),
            None => (*places.next()?).to_owned(),
        };
        match meaning(entry, &called, &given.value, input, keras) {
            Meaning::Argument(argument) => {
                let value = value(argument, &given.value, axes.unwrap_or(1), input);
                filled.push(match (value, &given.value) {
                    (Some(value), _) => {
                        argument.check(value).ok()?;
                        (argument, Some(value), value.to_string())
                    }
                    (None, Val::Symbol(symbol)) => (argument, None, symbol.text.clone()),
                    (None, Val::Word(word)) if is_name(&word.to_string()) => {
                        (argument, None, word.to_string())
                    }
                    (None, _) => return None,
                });
            }
            Meaning::Set(argument, value) => {
                filled.push((argument, Some(value), value.to_string()));
            }
            Meaning::Nothing => {}
            Meaning::Declared(comes_in) => declared = comes_in,
            Meaning::Layer(layer) => after.push(layer),
            Meaning::Unknown => return None,
        }
    }
    filled.extend(implied(entry, name, given));
    if let (Some(place), Some((_, kernel, _))) = (
        filled
            .iter()
            .position(|(argument, ..)| argument.name == "stride"),
        filled
            .iter()
            .find(|(argument, ..)| argument.name == "kernel"),
    ) && entry.argument("stride")?.default == Value::None
        && stays(filled[place].1.as_ref(), kernel.as_ref())
    {
        // A pool moves by its own size.
        filled.remove(place);
    }
    let required = |argument: &&Argument| argument.required;
    let mut missing = entry.arguments.iter().filter(required);
    if missing.any(|argument| filled.iter().all(|(other, ..)| other.name != argument.name)) {
        return None;
    }
    let mut layers = vec![written(entry, &filled)];
    layers.extend(after.iter().map(ToString::to_string));
    Some(Translation {
        layers,
        group: false,
        outputs: results(entry, &filled, input, &after),
        declared,
    })
}

/// What comes out, where all of it is known and fits.
fn results(
    entry: &'static Entry,
    filled: &[Filled],
    input: Option<&Shape>,
    after: &[&str],
) -> Vec<Shape> {
    let values: Option<Vec<(&'static str, Value)>> = filled
        .iter()
        .map(|(argument, value, _)| Some((argument.name, (*value)?)))
        .collect();
    let (Some(values), Some(input)) = (values, input) else {
        return Vec::new();
    };
    let mut outputs = outcomes(entry, &values, &[*input], false).unwrap_or_default();
    for layer in after {
        let (Some(entry), Some(first)) = (catalogue::find(layer), outputs.first()) else {
            return Vec::new();
        };
        outputs = outcomes(entry, &[], &[*first], false).unwrap_or_default();
    }
    outputs
}

/// How many spatial axes a layer says by its name: `Conv2d`, `MaxPooling1D`.
fn axes(name: &str) -> Option<usize> {
    let digits: Vec<char> = name.chars().collect();
    let place = digits.windows(2).find_map(|pair| match pair {
        [axes @ '1'..='3', 'd' | 'D'] => axes.to_digit(10),
        _ => None,
    });
    place.and_then(|axes| usize::try_from(axes).ok())
}

/// Whether a word is a name, and not a constant of Python's.
fn is_name(word: &str) -> bool {
    !matches!(word, "True" | "False" | "None")
}

/// A layer as it is written, without what it has anyway.
fn written(entry: &Entry, filled: &[Filled]) -> String {
    let mut parts = Vec::new();
    let mut in_place = true;
    for argument in entry.arguments {
        let found = filled
            .iter()
            .find(|(other, ..)| other.name == argument.name);
        match found {
            Some((_, _, text)) if argument.positional && in_place => parts.push(text.clone()),
            Some((_, Some(value), _)) if *value == argument.default => {}
            Some((.., text)) => parts.push(format!("{} = {text}", argument.name)),
            None => in_place = false,
        }
    }
    if parts.is_empty() {
        entry.name.to_owned()
    } else {
        format!("{}({})", entry.name, parts.join(", "))
    }
}
