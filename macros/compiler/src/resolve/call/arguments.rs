//! The arguments of a layer: matched with its catalogue entry.

use shapewise_core::catalogue::{self, Argument, Entry, Inputs};
use shapewise_core::{Shape, Value, error::Error as CoreError};

use super::habits;
use super::mistakes::{meant, missing, takes_no, text_of, too_many, twice, unknown, wrong_type};
use crate::graph::Symbolic;
use crate::report::{Error, Place};
use crate::resolve::call::Applying;
use crate::resolve::expression::Evaluator;
use crate::resolve::scope::Flow;
use crate::resolve::statement::NOTHING;
use crate::resolve::value::{Given, Val, Word};
use crate::suggest::nearest;
use crate::syntax::tree::{ExpressionKind, UnitKind};

/// A layer that is called, and with what.
pub(super) struct Asked<'u> {
    /// Which.
    pub(super) entry: &'static Entry,
    /// The call.
    pub(super) applying: &'u Applying<'u>,
    /// What it is called in a sentence.
    pub(super) called: String,
    /// The shape that flows in, where it is known.
    pub(super) input: Option<Shape>,
}

/// What is given to a layer.
#[derive(Debug, Default)]
pub(super) struct Arguments {
    /// The arguments as the rules read them, in the order of the catalogue.
    pub(super) given: Vec<(&'static str, Value)>,
    /// For each of them the same for rustc, where it has symbols.
    pub(super) codes: Vec<Option<Symbolic>>,
    /// Where each of them stands.
    pub(super) places: Vec<Place>,
    /// The values of the network among them, in the order of the inputs.
    pub(super) operands: Vec<Flow>,
    /// The layer whose weight is used, and where that is said.
    pub(super) shared: Option<(usize, Place)>,
}

impl Arguments {
    /// Adds an argument that has its value.
    fn fill(&mut self, name: &'static str, value: Value, code: Option<Symbolic>, place: Place) {
        self.given.push((name, value));
        self.codes.push(code);
        self.places.push(place);
    }
}

/// What is written, with what the entry takes.
#[derive(Debug)]
struct Matched<'g> {
    /// What is for an argument.
    pairs: Vec<(&'static Argument, &'g Given)>,
    /// What is for none.
    extra: Vec<&'g Given>,
    /// What is wrong.
    errors: Vec<Error>,
    /// Whether all of it is known.
    known: bool,
    /// What was meant where that is known: the argument, its value, and where that stands.
    meant: Vec<(&'static str, Value, Place)>,
    /// Of how many of the errors it is known.
    understood: usize,
}

impl Evaluator<'_, '_> {
    /// The error for `concat([a, b], axis = -1)`.
    fn listed(&self, asked: &Asked<'_>) -> Option<Error> {
        let given = &asked.applying.given;
        if asked.entry.inputs != Inputs::Merge || !writes_list(asked.applying) {
            return None;
        }
        let translation = self.merged(asked.entry, asked.applying)?;
        let name = asked.entry.name;
        let headline = format!(
            "the values of {} stand in its parentheses, without a list",
            asked.called
        );
        let place = given.first()?.place.to(given.last()?.place);
        let axis = given
            .iter()
            .any(|given| given.name.is_some() && name == "concat");
        let axis = if axis {
            "it joins along the channels"
        } else {
            ""
        };
        let said = format!("write the layer as {}", translation.said());
        Some(Error::new(place, headline).fact("axis", axis).help(said))
    }

    /// Matches what is written with what the entry takes; nothing when an error
    /// was told.
    pub(super) fn arguments(
        &mut self,
        asked: &Asked<'_>,
        operands: Vec<Flow>,
    ) -> Option<Arguments> {
        let entry = asked.entry;
        let mut result = Arguments {
            operands,
            ..Arguments::default()
        };
        if let Some(error) = self.listed(asked) {
            self.findings.tell_of(asked.applying.unit, error);
            return None;
        }
        let Matched {
            pairs,
            extra,
            mut errors,
            mut known,
            meant,
            understood,
        } = self.matched(asked, &mut result);
        // Of a mistake whose meaning is known the flow goes on.
        let mut unclear = errors.len() > understood;
        if let (Some(first), Some(last)) = (extra.first(), extra.last()) {
            let place = first.place.to(last.place);
            let error = too_many(asked, &pairs, &extra);
            unclear = true;
            errors.push(error.unwrap_or_else(|| Error::new(place, takes_no(asked))));
        }
        // Values of the network come after the flow, in catalogue order.
        for argument in entry.arguments {
            let matches = |(other, _): &&(&Argument, &Given)| std::ptr::eq(*other, argument);
            let Some((_, given)) = pairs.iter().find(matches) else {
                let mut meant = meant.iter();
                if let Some((_, value, place)) = meant.find(|(name, ..)| *name == argument.name) {
                    result.fill(argument.name, *value, None, *place);
                }
                continue;
            };
            if given.to.is_some() {
                match self.declared(argument, given, &asked.called, &mut result, entry) {
                    Ok(declared) => known &= declared,
                    Err(error) => {
                        errors.push(error);
                        unclear = true;
                    }
                }
            }
            match self.filled(asked, argument, given, &mut result) {
                Ok(filled) => known &= filled,
                Err(error) => {
                    errors.push(error);
                    match meant_value(asked, argument, &given.value) {
                        Some(value) => result.fill(argument.name, value, None, given.place),
                        None => unclear = true,
                    }
                }
            }
        }
        if errors.is_empty() && known {
            errors.extend(missing(asked, &result));
        }
        unclear |= !known || (!errors.is_empty() && missing(asked, &result).is_some());
        self.findings.incomplete |= !errors.is_empty();
        let fine = errors.is_empty() || !unclear;
        for (i, error) in errors.into_iter().enumerate() {
            // The first is told once, however often a block is called.
            if i == 0 {
                self.findings.tell_of(asked.applying.unit, error);
            } else {
                self.findings.tell(error);
            }
        }
        (fine && known).then_some(result)
    }

    /// What each thing that is written is for. Operands and `shared` go to the
    /// result.
    fn matched<'g>(&mut self, asked: &Asked<'g>, result: &mut Arguments) -> Matched<'g> {
        let mut matched = Matched {
            pairs: Vec::new(),
            extra: Vec::new(),
            errors: Vec::new(),
            known: true,
            meant: Vec::new(),
            understood: 0,
        };
        for given in &asked.applying.given {
            let named = given.name.as_ref();
            let merged = asked.entry.inputs == Inputs::Merge && named.is_none();
            if let Val::Tied(node) = given.value {
                if result.shared.is_some() {
                    let message = format!("`shared` of {} is given twice", asked.called);
                    let error = Error::new(given.place, message);
                    matched.errors.push(error.help("leave one of the two out"));
                }
                result.shared = Some((node, given.place));
            } else if named.is_some_and(|name| name == "shared") {
                // What it names is not known, or no layer: that was told.
                matched.known = false;
            } else if merged && given.to.is_some() {
                let headline = format!(
                    "an operand of {} is a value of the network: what follows its `->` has no meaning",
                    asked.called
                );
                let help = "give what stands there a statement of its own, and name its label";
                matched
                    .errors
                    .push(Error::new(given.place, headline).help(help));
            } else if merged && let Some(flows) = operand(&given.value) {
                matched.known &= !flows.iter().any(|flow| matches!(flow, Flow::Unknown));
                result.operands.extend(flows);
            } else if merged && let Val::Word(word) = &given.value {
                match self.findings.is_news_of(word.to_string()) {
                    true => matched.errors.push(self.name_error(word)),
                    false => matched.known = false,
                }
            } else {
                match find(asked, given, &matched.pairs) {
                    Ok(Some(argument)) => matched.pairs.push((argument, given)),
                    Ok(None) => matched.extra.push(given),
                    Err(error) => {
                        let taken = |argument: &Argument| {
                            let given = matched
                                .pairs
                                .iter()
                                .any(|(other, _)| other.name == argument.name);
                            given
                                || matched
                                    .meant
                                    .iter()
                                    .any(|(name, ..)| *name == argument.name)
                        };
                        let meant = given
                            .name
                            .as_ref()
                            .and_then(|name| meant(asked.entry, &name.to_string()));
                        let value =
                            meant.and_then(|argument| meant_value(asked, argument, &given.value));
                        matched.understood += usize::from(value.is_some());
                        if let (Some(argument), Some(value)) = (meant, value)
                            && !taken(argument)
                        {
                            matched.meant.push((argument.name, value, given.place));
                        }
                        // Told of by its name, what stands without one is no second mistake.
                        matched.pairs.retain(|(argument, other)| {
                            other.name.is_some()
                                || given.name.as_ref().is_none_or(|name| name != argument.name)
                        });
                        matched.errors.push(error);
                    }
                }
            }
        }
        matched
    }

    /// Fills what `3 -> 64` declares of the input; whether it is known.
    fn declared(
        &mut self,
        argument: &'static Argument,
        given: &Given,
        called: &str,
        result: &mut Arguments,
        entry: &Entry,
    ) -> Result<bool, Error> {
        if !argument.positional
            || entry
                .arguments
                .first()
                .is_none_or(|a| a.name != argument.name)
        {
            let headline = format!(
                "what comes into {called} is not declared at `{}`: `->` has no meaning here",
                argument.name
            );
            return Err(Error::new(given.place, headline));
        }
        let (value, code) = match &given.value {
            Val::Int(declared) if let Ok(declared) = u64::try_from(*declared) => {
                (Value::Int(declared), None)
            }
            Val::Unknown => return Ok(false),
            symbol @ Val::Symbol(_)
                if let Some((value, code)) =
                    self.world.symbolic_argument(argument, symbol, given.place) =>
            {
                (value, Some(code))
            }
            other => {
                let headline = format!(
                    "what comes into {called} is declared by a whole number, not by {}",
                    other.noun()
                );
                return Err(Error::new(given.place, headline));
            }
        };
        result.fill("in", value, code, given.place);
        Ok(true)
    }

    /// Fills an argument with what is written; whether that is known.
    fn filled(
        &mut self,
        asked: &Asked<'_>,
        argument: &'static Argument,
        given: &Given,
        result: &mut Arguments,
    ) -> Result<bool, Error> {
        let value = given.to.as_ref().unwrap_or(&given.value);
        if value.is_lost() {
            return Ok(false);
        }
        if let Some(error) = self.hides_keyword(argument, given, value) {
            return Err(error);
        }
        if value.is_symbolic()
            && let Some((value, code)) = self.world.symbolic_argument(argument, value, given.place)
            // Rustc is to say it with the number that it finds.
            && let Err(CoreError::TooSmall { .. } | CoreError::OutOfRange { .. }) | Ok(()) =
                argument.check(value)
        {
            result.fill(argument.name, value, Some(code), given.place);
            return Ok(true);
        }
        let value = self.value(asked, argument, given, value, result)?;
        result.fill(argument.name, value, None, given.place);
        Ok(true)
    }

    /// The value of an argument as the rules read it.
    fn value(
        &mut self,
        asked: &Asked<'_>,
        argument: &'static Argument,
        given: &Given,
        value: &Val,
        result: &mut Arguments,
    ) -> Result<Value, Error> {
        if argument.accepts.value
            && let Val::Flow(flow) = value
        {
            result.operands.push(flow.clone());
            let flows = usize::from(asked.entry.inputs == Inputs::Flow);
            return Ok(Value::Input(flows + result.operands.len() - 1));
        }
        let wrong = || match value {
            Val::Word(word) if self.is_undefined(argument, word) => {
                let takes = CoreError::WrongType { argument }.headline(&asked.called);
                self.name_error(word).fact("here", takes.to_string())
            }
            _ => wrong_type(asked, argument, given, value),
        };
        let value = value.to_core(argument).ok_or_else(wrong)?;
        match argument.check(value) {
            Ok(()) => Ok(value),
            Err(CoreError::WrongType { .. }) => Err(wrong()),
            Err(error) => {
                let headline = error.headline(&asked.called);
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

impl Evaluator<'_, '_> {
    /// The error for a name that hides a word which the argument takes: either may be meant.
    fn hides_keyword(&self, argument: &Argument, given: &Given, value: &Val) -> Option<Error> {
        let word = given.word.as_ref()?.to_string();
        let is_word = matches!(value, Val::Word(own) if own.name == word);
        if is_word || !argument.accepts.keywords.contains(&word.as_str()) {
            return None;
        }
        let found = match value {
            Val::Flow(_) | Val::Flows(_) if self.names.label(&word).is_some() => {
                "the label of a value".to_owned()
            }
            _ => {
                self.names.value(&word)?;
                format!("a name for {} here: `{}`", value.noun(), value.text())
            }
        };
        let name = argument.name;
        let headline = format!("`{word}` is a word that `{name}` takes, and {found}");
        let help = "give that another name, so that it is seen which of the two is meant";
        Some(Error::new(given.place, headline).help(help))
    }

    /// Whether a word that an argument does not take was meant as a name: the argument takes
    /// no words, and it is none of another framework's.
    fn is_undefined(&self, argument: &Argument, word: &Word) -> bool {
        let text = word.to_string();
        let near = || nearest(&text, self.names.all()).is_some();
        text.starts_with(|c: char| c.is_lowercase() || c == '_')
            && (argument.accepts.keywords.is_empty() || near())
            && !(argument.accepts.bool && nearest(&text, ["true", "false"]).is_some())
            && text != NOTHING
            && catalogue::find(&text).is_none()
            && habits::value(argument, &Val::Word(word.clone()), 1, None).is_none()
    }
}

/// The value that was meant, where what is written is said otherwise here.
fn meant_value(asked: &Asked<'_>, argument: &'static Argument, value: &Val) -> Option<Value> {
    let axes = asked.input.as_ref().map_or(1, Shape::spatial_rank);
    let value = habits::value(argument, value, axes, asked.input.as_ref())?;
    argument.check(value).is_ok().then_some(value)
}

/// The values of the network that an operand of a merge stands for.
pub(super) fn operand(value: &Val) -> Option<Vec<Flow>> {
    match value {
        Val::Flow(flow) => Some(vec![flow.clone()]),
        Val::Flows(flows) => Some(flows.clone()),
        Val::List(values) if !values.is_empty() => {
            let flows: Option<Vec<Vec<Flow>>> = values.iter().map(operand).collect();
            Some(flows?.concat())
        }
        Val::Unknown => Some(vec![Flow::Unknown]),
        _ => None,
    }
}

/// Whether a list is written out among the operands of a merge; one with a name is as good as
/// its elements.
fn writes_list(applying: &Applying<'_>) -> bool {
    let UnitKind::Call(call) = &applying.unit.kind else {
        return false;
    };
    call.arguments.iter().any(|argument| {
        let list = matches!(
            argument.value.kind,
            ExpressionKind::List(_) | ExpressionKind::Tuple(_)
        );
        argument.name.is_none() && list
    })
}

/// The argument that something written is for.
fn find(
    asked: &Asked<'_>,
    given: &Given,
    matched: &[(&'static Argument, &Given)],
) -> Result<Option<&'static Argument>, Error> {
    let taken = |argument: &Argument| matched.iter().any(|(other, _)| other.name == argument.name);
    if let Some(name) = &given.name {
        let argument = asked
            .entry
            .argument(&name.to_string())
            .ok_or_else(|| unknown(asked, name, given))?;
        if taken(argument) {
            return Err(twice(asked, argument, given, matched));
        }
        return Ok(Some(argument));
    }
    Ok(asked
        .entry
        .arguments
        .iter()
        .find(|argument| argument.positional && !taken(argument)))
}
