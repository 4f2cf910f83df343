//! What is told of a name that is no layer, block or network.

use std::mem;

use shapewise_core::Shape;
use shapewise_core::catalogue::{self, Entry, Inputs};

use super::foreign::{self, Translation};
use super::{Applying, habits};
use crate::report::{Error, Place};
use crate::resolve::Builder;
use crate::resolve::expression::Evaluator;
use crate::resolve::findings::Findings;
use crate::resolve::scope::Flow;
use crate::resolve::statement::{NOTHING, Passed, Seat};
use crate::suggest::nearest;
use crate::syntax::tree::{Argument, Expression, ExpressionKind, Id, Statement, Unit, UnitKind};

/// A name that is no layer: what is told of it, and what was meant.
#[derive(Debug)]
pub(in crate::resolve) struct Unknown {
    /// What is told.
    pub(in crate::resolve) error: Error,
    /// What the call says in this language.
    translation: Option<Translation>,
}

/// A layer of another framework, of which is told at the end of its statement.
#[derive(Debug)]
pub(in crate::resolve) struct Foreign {
    /// Its unit.
    unit: Id,
    /// What it is called.
    name: String,
    /// What is told.
    unknown: Unknown,
}

impl From<Error> for Unknown {
    fn from(error: Error) -> Self {
        Self {
            error,
            translation: None,
        }
    }
}

impl Builder<'_> {
    /// Goes on through the layer that was meant by a name that is none.
    pub(super) fn instead(
        &mut self,
        applying: &Applying<'_>,
        prefix: &str,
        flow: &Flow,
        seat: &Seat,
    ) -> Passed {
        let other = self.applied_to(applying, flow);
        let flow = other.as_ref().map_or(flow, |(_, flow)| flow);
        let mut unknown = self.at(flow).unknown_layer(applying, prefix);
        if let (Some((name, _)), Some(translation)) = (&other, &mut unknown.translation) {
            translation.layers.insert(0, format!("from {name}"));
        }
        self.findings.incomplete = true;
        let mut flows = Vec::new();
        if let Some(translation) = &unknown.translation {
            for shape in &translation.outputs {
                let origin = format!("`{}`", translation.text());
                flows.push(self.draft.assume(*shape, origin));
            }
        }
        let name = format!("{prefix}{}", applying.name);
        self.findings.foreign(applying.unit, name, unknown);
        match (flows.as_slice(), seat.labels.len()) {
            ([], _) => Flow::Unknown.into(),
            ([first, ..], 0 | 1) => Flow::Value(*first).into(),
            (flows, labels) => Flow::Several(flows[..labels.min(flows.len())].to_vec()).into(),
        }
    }
}

impl Builder<'_> {
    /// The label that `layer(...)(label)` is applied to, where that is not what flows.
    fn applied_to(&self, applying: &Applying<'_>, flow: &Flow) -> Option<(String, Flow)> {
        let UnitKind::Call(call) = &applying.unit.kind else {
            return None;
        };
        let [Argument { value, .. }] = call.applied.as_deref()? else {
            return None;
        };
        let ExpressionKind::Word(word) = &value.kind else {
            return None;
        };
        let name = word.to_string();
        match (&self.names.label(&name)?.flow, flow) {
            (Flow::Value(wanted), Flow::Value(flow)) if wanted != flow => {
                Some((name, Flow::Value(*wanted)))
            }
            _ => None,
        }
    }
}

impl Findings {
    /// Notes a layer of another framework, once however often its block is called.
    fn foreign(&mut self, unit: &Unit, name: String, unknown: Unknown) {
        if self.is_news(unit) {
            self.foreign.push(Foreign {
                unit: unit.id,
                name,
                unknown,
            });
        }
    }

    /// Tells of the layers of other frameworks in a statement: of several together, with
    /// all that is to be written. `outer` are those around it.
    pub(in crate::resolve) fn tell_foreign(&mut self, statement: &Statement, outer: Vec<Foreign>) {
        let found = mem::replace(&mut self.foreign, outer);
        if found.is_empty() {
            if statement.foreign
                && let Some(unit) = statement.units.first()
                && self.is_news(unit)
            {
                self.tell(assigned(statement));
            }
            return;
        }
        if let Some(error) = together(statement, &found) {
            self.tell(error);
            let unclear = |foreign: &Foreign| foreign.unknown.translation.is_none();
            for foreign in found.into_iter().filter(unclear) {
                self.tell(foreign.unknown.error);
            }
            return;
        }
        let alone = statement.units.len() == 1 && statement.labels.is_empty();
        for Foreign { unknown, .. } in found {
            let Unknown { error, translation } = unknown;
            self.tell(match translation {
                Some(translation) if translation.layers.is_empty() => {
                    error.help("the network declares what comes in: leave it out")
                }
                Some(mut translation) => {
                    translation.group &= !alone;
                    let declared = translation.declared.clone().unwrap_or_default();
                    let said = format!("write the layer as {}", translation.said());
                    error.fact("declared", declared).help(said)
                }
                None => error,
            });
        }
    }
}

/// The error for a statement that is written as another framework does, of a layer that
/// there is.
pub(in crate::resolve) fn assigned(statement: &Statement) -> Error {
    let headline = "what comes out of a statement has its label before `:`";
    let label = statement.labels.first();
    let label = label.map_or_else(String::new, |label| format!("{label}: "));
    Error::new(statement.place, headline).help(format!("write `{label}{statement};`"))
}

/// One error for all layers of other frameworks in a statement, or for a statement that is
/// written as another framework does; nothing where each is told of by itself.
fn together(statement: &Statement, found: &[Foreign]) -> Option<Error> {
    let whole = statement.foreign;
    if found.len() < 2 && !whole {
        return None;
    }
    let of = |unit: &Unit| found.iter().find(|foreign| foreign.unit == unit.id);
    let first = statement.units.iter().position(|unit| of(unit).is_some())?;
    let last = statement
        .units
        .iter()
        .rposition(|unit| of(unit).is_some())?;
    let units = if whole {
        statement.units.as_slice()
    } else {
        &statement.units[first..=last]
    };
    let alone = statement.units.len() == 1 && statement.labels.is_empty();
    let (mut layers, mut output, mut declared) = (Vec::new(), None, Vec::new());
    for unit in units {
        let translation = of(unit).map(|foreign| foreign.unknown.translation.as_ref());
        output = None;
        match translation {
            Some(Some(translation)) => {
                output = translation.outputs.first();
                declared.extend(translation.declared.clone());
                let group = translation.group && !alone;
                let mut own = translation.layers.clone();
                if let (true, Some(first)) = (group, own.first_mut()) {
                    *first = format!("{{ {first}");
                }
                if let (true, Some(last)) = (group, own.last_mut()) {
                    last.push_str("; }");
                }
                layers.extend(own);
            }
            _ if !matches!(unit.kind, UnitKind::Call(_)) => return None,
            _ => layers.push(unit.to_string()),
        }
    }
    if found
        .iter()
        .all(|foreign| foreign.unknown.translation.is_none())
    {
        return None;
    }
    if layers.is_empty() {
        let error = Error::new(statement.place, headline(found));
        return Some(error.help("the network declares what comes in: leave it out"));
    }
    let place = if whole {
        statement.place
    } else {
        units.first()?.place.to(units.last()?.place)
    };
    let (before, after) = match statement.labels.first() {
        Some(label) if whole => (format!("{label}: "), ";"),
        None if whole => (String::new(), ";"),
        _ => (String::new(), ""),
    };
    let written = format!("{before}{}{after}", lines(&layers));
    let gives = output.map_or_else(String::new, |output| format!(" (=> {output})"));
    let mut error = Error::new(place, headline(found));
    for declared in declared {
        error = error.fact("declared", declared);
    }
    Some(error.help(format!("write `{written}`{gives}")))
}

/// `` there are no layers `Conv2d`, `ReLU` and 3 more ``
fn headline(found: &[Foreign]) -> String {
    const MOST: usize = 4;
    let mut names: Vec<String> = Vec::new();
    for foreign in found {
        let name = format!("`{}`", foreign.name);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if let [only] = names.as_slice() {
        return format!("there is no layer {only}");
    }
    if names.len() > MOST {
        let more = names.len() - MOST;
        names.truncate(MOST);
        names.push(format!("{more} more"));
    }
    let last = names.pop().unwrap_or_default();
    format!("there are no layers {} and {last}", names.join(", "))
}

/// The layer that pools over all positions, for a pool without a kernel.
fn whole_pool(
    entry: &Entry,
    applying: &Applying<'_>,
    input: Option<&Shape>,
) -> Option<&'static str> {
    if !applying.given.is_empty() {
        return None;
    }
    match (entry.name, input.map(Shape::rank)) {
        ("avg_pool", Some(2)) => Some("mean"),
        ("avg_pool", _) => Some("global_avg_pool"),
        ("max_pool", _) => Some("global_max_pool"),
        _ => None,
    }
}

/// Layers that have an argument of this name.
fn argument(name: &str) -> Option<String> {
    let entries = catalogue::entries().filter(|entry| entry.argument(name).is_some());
    let names: Vec<_> = entries.map(|entry| format!("`{}`", entry.name)).collect();
    match names.as_slice() {
        [] => None,
        [only] => Some(only.clone()),
        [first, second] => Some(format!("{first} and {second}")),
        [first, second, rest @ ..] => Some(format!("{first}, {second} and {} more", rest.len())),
    }
}

/// Layers in lines that can be read.
fn lines(layers: &[String]) -> String {
    const WIDTH: usize = 80;
    let mut text = String::new();
    let mut width = 0;
    for (place, layer) in layers.iter().enumerate() {
        if place > 0 {
            text.push(',');
            let breaks = width + layer.len() > WIDTH;
            text.push(if breaks { '\n' } else { ' ' });
            width = if breaks { 0 } else { width + 2 };
        }
        text.push_str(layer);
        width += layer.len();
    }
    text
}

impl Evaluator<'_, '_> {
    /// What is told of a name that is no layer.
    pub(in crate::resolve) fn unknown_layer(
        &self,
        applying: &Applying<'_>,
        prefix: &str,
    ) -> Unknown {
        let name = &applying.name;
        let text = name.to_string();
        let place = if prefix.is_empty() {
            Place::at(name.span())
        } else {
            Place::at(applying.unit.place.first).to(Place::at(name.span()))
        };
        let input = match self.flow {
            Flow::Value(value) => Some(self.graph.values[*value].shape),
            _ => None,
        };
        if let Some(translation) = foreign::call(&text, &applying.given, input.as_ref()) {
            let error = Error::new(place, format!("there is no layer `{prefix}{text}`"));
            return Unknown {
                error,
                translation: Some(translation),
            };
        }
        let alias = catalogue::entries()
            .find(|entry| entry.aliases.contains(&text.as_str()) || entry.name == text);
        if let Some(entry) = alias.filter(|entry| entry.inputs == Inputs::Merge)
            && let Some(translation) = self.merged(entry, applying)
        {
            let error = Error::new(place, format!("there is no layer `{prefix}{text}`"));
            return Unknown {
                error,
                translation: Some(translation),
            };
        }
        if let Some(entry) = alias {
            let error = Error::new(place, format!("there is no layer `{prefix}{text}`"));
            let help = if let Some(whole) = whole_pool(entry, applying, input.as_ref()) {
                format!("write `{whole}`")
            } else if entry.name.replace('_', "") == text {
                // Its arguments are this language's, too.
                format!("write `{}`", entry.name)
            } else if entry.inputs == Inputs::Flow && !applying.given.is_empty() {
                format!("the layer of that kind is `{}`", habits::usage(entry))
            } else {
                format!("write `{}`, the layer of that kind", entry.name)
            };
            return error.help(help).into();
        }
        if text == NOTHING {
            let error = Error::new(
                place,
                format!("`{NOTHING}` is what a parameter can be, and no layer"),
            );
            return error.help("leave it out").into();
        }
        let blocks = self.source.file.names(applying.home);
        let blocks = blocks.map(ToString::to_string);
        let mut known: Vec<String> = blocks.collect();
        known.extend(catalogue::entries().map(|entry| entry.name.to_owned()));
        let near = nearest(&text, known.iter().map(String::as_str));
        let kind = if text.starts_with(char::is_uppercase) {
            "block"
        } else {
            "layer"
        };
        let error = Error::new(place, format!("there is no {kind} `{prefix}{text}`"));
        if self.names.label(&text).is_some() {
            return error
                .help(format!("`from {text}` goes on from that label"))
                .into();
        }
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if kind == "block" => format!(
                "a block of another module is named by `use path::{text};` before the networks"
            ),
            None => match argument(&text) {
                Some(of) => format!("an argument of {of} has that name"),
                None => "the language reference lists the layers: shapewise::layers".to_owned(),
            },
        };
        error.help(help).into()
    }

    /// A merge as another framework has it: `torch.cat([a, b], dim = 1)`,
    /// `layers.Add()([a, b])`.
    pub(super) fn merged(
        &self,
        entry: &'static Entry,
        applying: &Applying<'_>,
    ) -> Option<Translation> {
        let UnitKind::Call(call) = &applying.unit.kind else {
            return None;
        };
        let arguments = call.applied.as_ref().unwrap_or(&call.arguments);
        let mut values: Vec<&Expression> = Vec::new();
        for argument in arguments.iter().filter(|argument| argument.name.is_none()) {
            match &argument.value.kind {
                ExpressionKind::List(list) | ExpressionKind::Tuple(list) => values.extend(list),
                _ => values.push(&argument.value),
            }
        }
        let shape = |value: &&Expression| match &value.kind {
            ExpressionKind::Word(word) => match self.names.label(&word.to_string())?.flow {
                Flow::Value(value) => Some(self.graph.values[value].shape),
                _ => None,
            },
            _ => None,
        };
        let shapes: Option<Vec<Shape>> = values.iter().map(shape).collect();
        let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
        foreign::merge(entry, &texts, shapes.as_deref())
    }
}
