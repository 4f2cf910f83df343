//! A layer of the catalogue: its rules are asked, and it becomes a node.

use std::rc::Rc;

use shapewise_core::catalogue::{Entry, Inputs};
use shapewise_core::{Counts, Layer, Shape};

use super::arguments::{Arguments, Asked};
use super::{Applying, Layers};
use crate::check::layer::{Checked, Input, Subject, check};
use crate::graph::{DeadEnd, Node, Resolved, Step};
use crate::report::{Error, Place};
use crate::resolve::MAX_LAYERS;
use crate::resolve::divergence::diverged;
use crate::resolve::scope::Flow;
use crate::resolve::statement::{Passed, Seat};
use crate::resolve::value::Val;
use crate::syntax::tree::{ExpressionKind, Unit, UnitKind};

impl Layers<'_, '_> {
    /// Adds a layer. `operands` are what a merge with branches merges.
    pub(super) fn layer(
        &mut self,
        applying: &Applying<'_>,
        entry: &'static Entry,
        operands: Vec<Flow>,
        flow: &Flow,
        seat: &Seat,
    ) -> Passed {
        let path = match seat.flat {
            true => self.draft.paths.flat(),
            false => self.draft.paths.next(seat.segment.as_deref()),
        };
        self.layer_at(applying, entry, operands, flow, seat, path)
    }

    /// Adds a layer whose path is known.
    pub(in crate::resolve) fn layer_at(
        &mut self,
        applying: &Applying<'_>,
        entry: &'static Entry,
        operands: Vec<Flow>,
        flow: &Flow,
        seat: &Seat,
        path: String,
    ) -> Passed {
        let input = match flow {
            Flow::Value(value) => Some(self.draft.shape_of(*value)),
            _ => None,
        };
        let asked = Asked {
            entry,
            applying,
            called: seat.called(entry.name),
            input,
        };
        let Some(mut arguments) = self.at(flow).arguments(&asked, operands) else {
            return Flow::Unknown.into();
        };
        if entry.inputs == Inputs::Flow {
            arguments.operands.insert(0, flow.clone());
        }
        let (flows, called) = (&arguments.operands, &asked.called);
        let Some(inputs) = self
            .findings
            .input_values(applying.unit, flows, called, self.names)
        else {
            return Flow::Unknown.into();
        };
        let (places, shared) = (std::mem::take(&mut arguments.places), arguments.shared);
        let graph = &self.draft.graph;
        let mut step = step(graph, asked, arguments, inputs, seat, path);
        if step.symbolic {
            step.within = self.findings.trail.lines();
        }
        let asking = Asking {
            unit: applying.unit,
            places: &places,
            shared,
            flow,
            applying,
        };
        match self.accepted(&step, &asking, seat) {
            Ok((checked, results)) => {
                step.renamed = renamed(&checked.layer, &step.renamed);
                let node = Node {
                    step: Rc::new(step),
                    layer: checked.layer,
                    inside: None,
                    results,
                    counts: checked.counts,
                };
                let name = &applying.name;
                self.draft
                    .add(node, &checked.outputs, name, applying.unit, seat)
            }
            Err(Refused::Wrong(error)) => self.findings.refuse(applying.unit, error).into(),
            Err(Refused::Full(error)) => {
                self.findings.full = true;
                self.findings.refuse(applying.unit, error).into()
            }
            Err(Refused::Lost) => {
                let results = seat.labels.len().max(1);
                let trail = self.findings.trail.facts();
                let dead_end = || {
                    Box::new(DeadEnd {
                        step,
                        results,
                        places,
                        trail,
                    })
                };
                self.draft.graph.dead_end.get_or_insert_with(dead_end);
                self.findings.give_up();
                Flow::Unknown.into()
            }
        }
    }

    /// What the rules find of a layer, and how many values come out, where it can be
    /// in the graph.
    fn accepted(
        &mut self,
        step: &Step,
        asking: &Asking<'_>,
        seat: &Seat,
    ) -> Result<(Checked, usize), Refused> {
        let checked = checked(&self.draft.graph, step, asking);
        let checked = checked.map_err(|error| match step.symbolic {
            true => Refused::Lost,
            false => Refused::Wrong(error),
        })?;
        if let Some(error) = not_renamed(&checked.layer, step) {
            self.findings.tell_of(asking.unit, error);
        }
        has_room(&mut self.draft.graph, step, &checked)?;
        let results = results(step, &checked, seat).map_err(|error| match step.symbolic {
            true => Refused::Lost,
            false => Refused::Wrong(error),
        })?;
        Ok((checked, results))
    }
}

/// What is known of a layer besides what is asked of its rules.
struct Asking<'u> {
    /// Where it stands.
    unit: &'u Unit,
    /// Where its arguments stand.
    places: &'u [Place],
    /// The layer whose weight it uses, and where that is said.
    shared: Option<(usize, Place)>,
    /// What flows in.
    flow: &'u Flow,
    /// The call.
    applying: &'u Applying<'u>,
}

impl Asking<'_> {
    /// What flows in, where that is one of the operands.
    fn operand(&self) -> Option<usize> {
        match self.flow {
            Flow::Value(value) if takes_flow(self.unit) => Some(*value),
            _ => None,
        }
    }

    /// The operand that is not as the one that flows in, or as the first.
    fn differing(&self, graph: &Resolved, step: &Step) -> Option<Place> {
        let operands = places_of_operands(self.applying);
        let mut arguments = step.entry.arguments.iter();
        // Operands of an equation need not be alike: the equation is what is wrong.
        let by_equation = arguments.any(|argument| argument.accepts.equation);
        if operands.len() != step.inputs.len() || by_equation {
            return None;
        }
        let shape = |value: usize| graph.values[value].shape;
        let wanted = shape(self.operand().or(step.inputs.first().copied())?);
        let differs = |other: Shape| !other.spatial().equals(&wanted.spatial());
        let mut pairs = step.inputs.iter().zip(&operands);
        let by_extents = pairs.find(|(input, _)| differs(shape(**input)));
        let mut pairs = step.inputs.iter().zip(&operands);
        let found = by_extents.or_else(|| pairs.find(|(input, _)| shape(**input) != wanted));
        found.map(|(_, place)| *place)
    }
}

/// Where the operands of a merge stand, as far as each is one value.
fn places_of_operands(applying: &Applying<'_>) -> Vec<Place> {
    let given = applying.given.iter();
    let operands =
        given.filter(|given| given.name.is_none() && matches!(given.value, Val::Flow(_)));
    operands.map(|given| given.place).collect()
}

/// Whether what flows in is one of a merge's operands: `concat(skip, _)`.
fn takes_flow(unit: &Unit) -> bool {
    let UnitKind::Call(call) = &unit.kind else {
        return false;
    };
    let mut values = call.arguments.iter().map(|argument| &argument.value.kind);
    values.any(|value| matches!(value, ExpressionKind::Word(word) if word == "_"))
}

/// Why a layer does not come into the graph.
enum Refused {
    /// It is wrong.
    Wrong(Error),
    /// The network has no room for more.
    Full(Error),
    /// It does not fit in this world, and may with the values that only rustc knows.
    Lost,
}

/// A layer as it is written.
fn step(
    graph: &Resolved,
    asked: Asked<'_>,
    arguments: Arguments,
    inputs: Vec<usize>,
    seat: &Seat,
    path: String,
) -> Step {
    let Asked {
        entry,
        applying,
        called,
        ..
    } = asked;
    let Arguments {
        given,
        codes,
        shared,
        ..
    } = arguments;
    let shared = shared.map(|(owner, _)| owner);
    let owner = shared.and_then(|owner| graph.nodes.get(owner));
    let symbolic = codes.iter().any(Option::is_some)
        || inputs.iter().any(|input| graph.values[*input].symbolic)
        || owner.is_some_and(|owner| owner.step.symbolic);
    let name = Place::at(applying.name.span());
    let end = match &applying.unit.kind {
        UnitKind::Call(call) => call.parentheses,
        _ => None,
    };
    Step {
        entry,
        arguments: given,
        codes,
        ready: None,
        symbolic,
        called,
        within: String::new(),
        place: end.map_or(name, |end| name.to(Place::at(end))),
        inputs,
        output: graph.values.len(),
        path,
        span: applying.name.span(),
        shared,
        renamed: seat.renamed.clone(),
    }
}

/// Asks the layer's rules, and what it costs with the weights that it shares.
fn checked(graph: &Resolved, step: &Step, asking: &Asking<'_>) -> Result<Checked, Error> {
    let input = |input: &usize| {
        let info = &graph.values[*input];
        Input {
            shape: info.shape,
            origin: &info.origin,
        }
    };
    let inputs: Vec<Input<'_>> = step.inputs.iter().map(input).collect();
    let subject = Subject {
        entry: step.entry,
        called: &step.called,
        given: &step.arguments,
        places: asking.places,
        inputs: &inputs,
        port: None,
        whole: step.place,
        deny_inexact_stride: graph.deny_inexact_stride,
    };
    // Where they refuse, the message may speak of the network's input, which is
    // looked for only then.
    let refused = |_| {
        let first = step.inputs.first();
        check(&Subject {
            port: first.and_then(|input| port(graph, *input)),
            ..subject
        })
    };
    let mut checked = match check(&subject).or_else(refused) {
        Err(error) if step.entry.inputs == Inputs::Merge && !step.symbolic => {
            let whole = asking.unit.to_string();
            let told = diverged(graph, error, step, asking.operand(), &whole);
            let operand = asking.differing(graph, step);
            return Err(operand.map_or(told.clone(), |operand| told.standing_at(operand)));
        }
        checked => checked?,
    };
    if let Some((owner, place)) = asking.shared {
        checked.counts = share(graph, &checked, owner, &step.called, place)?;
    }
    Ok(checked)
}

/// The shape of the network's input that a value was made of, by layers with
/// one input.
fn port(graph: &Resolved, mut value: usize) -> Option<Shape> {
    while let Some(node) = graph.values[value].node {
        let [input] = graph.nodes[node].step.inputs.as_slice() else {
            return None;
        };
        value = *input;
    }
    (value < graph.inputs.len()).then(|| graph.values[value].shape)
}

/// What a layer costs with the weights of an earlier one.
fn share(
    graph: &Resolved,
    checked: &Checked,
    owner: usize,
    called: &str,
    place: Place,
) -> Result<Counts, Error> {
    // A label may stand for a layer that an error kept out of the graph.
    let Some(owner) = graph.nodes.get(owner) else {
        return Ok(checked.counts);
    };
    if checked.layer.tensor(0).is_none() {
        let headline = format!("{called} has no weight that could be another layer's");
        return Err(Error::new(place, headline).help("leave `shared` out"));
    }
    let counts = checked.counts.sharing(&checked.layer, &owner.layer);
    counts.ok_or_else(|| {
        let weight = |layer: &Layer| match layer.tensor(0) {
            Some(tensor) => format!("`{}` of {}", tensor.name, tensor.extents),
            None => "no weight".to_owned(),
        };
        Error::new(
            place,
            format!(
                "{called} cannot share the weight of `{}`: their shapes differ",
                owner.step.path
            ),
        )
        .fact("its own", weight(&checked.layer))
        .fact("shared", weight(&owner.layer))
    })
}

/// What each renamed tensor is called. A name with a dot and more behind it in the layer's own names,
/// `gate` of `gate.weight`, renames all of these.
fn renamed(layer: &Layer, given: &[(String, String)]) -> Vec<(String, String)> {
    let tensors = (0..).map_while(|index| layer.tensor(index));
    let other = |own: &str| {
        let exact = given.iter().find(|(name, _)| name == own);
        let behind = |name: &str| own.strip_prefix(name).filter(|rest| rest.starts_with('.'));
        exact.map(|(_, other)| other.clone()).or_else(|| {
            let mut parts = given.iter();
            parts.find_map(|(name, other)| Some(format!("{other}{}", behind(name)?)))
        })
    };
    if given.is_empty() {
        return Vec::new();
    }
    let named = tensors.filter_map(|tensor| {
        let own = tensor.name.to_string();
        let other = other(&own)?;
        Some((own, other))
    });
    named.collect()
}

/// The error for a renamed tensor that the layer does not have.
fn not_renamed(layer: &Layer, step: &Step) -> Option<Error> {
    let tensors = || (0..).map_while(|index| layer.tensor(index));
    let mut names = step.renamed.iter();
    let (name, _) = names.find(|name| renamed(layer, &[(*name).clone()]).is_empty())?;
    let names: Vec<String> = tensors()
        .map(|tensor| format!("`{}`", tensor.name))
        .collect();
    let headline = format!("{} has no tensor `{name}` to rename", step.called);
    let is_bare = tensors().any(|tensor| tensor.name.is_bare());
    Some(Error::new(step.place, headline).help(if names.is_empty() {
        "it has no tensors at all: leave `#[tensor]` out".to_owned()
    } else if is_bare {
        "its tensor has the name of the layer itself: a label before it says that".to_owned()
    } else {
        format!("it has {}", names.join(", "))
    }))
}

/// Counts a layer, where the network has room for it.
fn has_room(graph: &mut Resolved, step: &Step, checked: &Checked) -> Result<(), Refused> {
    if !graph.totals_fit(&checked.counts, &checked.outputs, 0) {
        if step.symbolic || graph.symbolic_totals() {
            return Err(Refused::Lost);
        }
        let called = &step.called;
        let headline = format!("with {called} the totals of the network do not fit 64 bits");
        return Err(Refused::Wrong(Error::new(step.place, headline)));
    }
    if graph.nodes.len() >= MAX_LAYERS {
        let headline = format!("the network has more than {MAX_LAYERS} layers");
        return Err(Refused::Full(Error::new(step.place, headline)));
    }
    Ok(())
}

/// How many of a layer's results have a place to go to.
fn results(step: &Step, checked: &Checked, seat: &Seat) -> Result<usize, Error> {
    let count = checked.outputs.len();
    let results = seat.labels.len().clamp(1, count.max(1));
    if step.entry.results.is_empty() && results < count {
        let headline = format!(
            "{} has {count} results, and each needs a label",
            step.called
        );
        return Err(
            Error::new(step.place, headline).help("label each result: `(left, right): ...`")
        );
    }
    Ok(results)
}
