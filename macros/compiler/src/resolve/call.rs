//! Calls: layers, blocks, and names that are neither.

use proc_macro2::Ident;
use shapewise_core::catalogue::{self, Entry, Inputs};
use shapewise_core::{Counts, Layer, Shape, graph::MAX_INPUTS};

use super::arguments::Arguments;
use super::graph::{Node, ValueInfo};
use super::networks::Called;
use super::scope::{Flow, Frame};
use super::statement::{Passed, Seat};
use super::unknown::{no_parameter, usage};
use super::value::{Given, Val};
use super::{Builder, MAX_DEPTH, MAX_LAYERS};
use crate::check::layer::{Checked, Input, Subject, check};
use crate::report::{Error, Place};
use crate::syntax::tree::{Block, Unit, UnitKind};

/// A call on its way to a layer or block.
pub(super) struct Applying<'u> {
    /// The unit that it stands for.
    pub(super) unit: &'u Unit,
    /// What is called.
    pub(super) name: Ident,
    /// With what.
    pub(super) given: Vec<Given>,
}

impl<'a> Builder<'a> {
    /// Applies a unit to the flow.
    pub(super) fn unit(&mut self, unit: &'a Unit, flow: Flow, seat: &Seat) -> Passed {
        self.check_attributes(&unit.attributes, false);
        if self.beyond_steps(unit) {
            return Flow::Unknown.into();
        }
        if self.depth >= MAX_DEPTH {
            self.tell_of(
                unit,
                Error::new(
                    unit.place,
                    format!("structures are nested more than {MAX_DEPTH} deep"),
                ),
            );
            return Flow::Unknown.into();
        }
        if seat.flat && !matches!(unit.kind, UnitKind::Call(_)) {
            self.not_flat(unit);
        }
        self.depth += 1;
        let passed = match &unit.kind {
            UnitKind::Call(call) => {
                let before = self.errors.len();
                let given = self.given(call, &flow);
                // What is wrong with its arguments is told once.
                if self.errors.len() > before
                    && !self.misgiven.insert(std::ptr::from_ref(unit) as usize)
                {
                    self.errors.truncate(before);
                }
                let applying = Applying {
                    unit,
                    name: call.name.clone(),
                    given,
                };
                self.apply(applying, flow, seat)
            }
            UnitKind::Group(body) => self.group(body, flow, seat),
            UnitKind::Residual(residual) => self.residual(unit, residual, flow, seat),
            UnitKind::Merge(merge) => self.merge(unit, merge, &flow, seat),
            UnitKind::Repeat(repeat) => self.repeat(unit, repeat, flow, seat),
            UnitKind::If(conditional) => self.conditional(unit, conditional, flow, seat),
            UnitKind::Path(path) => {
                let network = Called {
                    place: unit.place,
                    span: unit.place.first,
                    name: path.to_string(),
                    path: path.path.clone(),
                };
                self.foreign(unit, &network, &path.arguments, &flow, seat)
            }
            UnitKind::Custom(path) => self.custom(unit, path, &flow, seat),
        };
        self.depth -= 1;
        passed
    }

    /// Applies a layer, a block, or the parameter that stands for one.
    pub(super) fn apply(&mut self, mut applying: Applying<'_>, flow: Flow, seat: &Seat) -> Passed {
        if let UnitKind::Call(call) = &applying.unit.kind
            && !call.prefix.is_empty()
        {
            let error = self.unknown_layer(&applying, &call.prefix, &flow);
            self.tell_of(applying.unit, error);
            return Flow::Unknown.into();
        }
        let text = applying.name.to_string();
        if let Some(value) = self.named_value(&text).cloned() {
            match value {
                Val::Word(word) => applying.name = word,
                Val::Layer(applied) if applying.given.is_empty() => {
                    applying.name = applied.name.clone();
                    applying.given = applied.arguments.clone();
                }
                Val::Unknown => return Flow::Unknown.into(),
                other => {
                    self.tell_of(
                        applying.unit,
                        Error::new(
                            applying.name.span(),
                            format!("`{text}` is {}, not a layer", other.noun()),
                        ),
                    );
                    return Flow::Unknown.into();
                }
            }
        }
        let text = applying.name.to_string();
        if let Some(entry) = catalogue::find(&text) {
            if seat.flat {
                self.not_flat(applying.unit);
            }
            return self.layer(&applying, entry, Vec::new(), &flow, seat);
        }
        let file = self.file;
        if let Some(block) = file.blocks.iter().find(|block| block.name == text) {
            return self.block(&applying, block, flow, seat);
        }
        if let Some(network) = file.networks.iter().find(|network| network.name == text) {
            return self.local(&applying, network, &flow, seat);
        }
        if file.lost && text.starts_with(char::is_uppercase) {
            return Flow::Unknown.into();
        }
        if self.is_foreign(&applying) {
            let name = &applying.name;
            let network = Called {
                place: Place::at(name.span()),
                span: name.span(),
                name: text,
                path: quote::quote!(#name),
            };
            return self.foreign(applying.unit, &network, &[], &flow, seat);
        }
        let error = self.unknown_layer(&applying, "", &flow);
        self.tell_of(applying.unit, error);
        Flow::Unknown.into()
    }

    /// Tells of `#[flat]` where there is no scope that it could open up.
    fn not_flat(&mut self, unit: &Unit) {
        let error = Error::new(
            unit.place,
            "`#[flat]` is for a call of a block, whose layers are then named as if written here",
        );
        self.tell_of(unit, error.help("leave `#[flat]` out"));
    }

    /// Adds a layer. `operands` are what a merge with branches merges.
    pub(super) fn layer(
        &mut self,
        applying: &Applying<'_>,
        entry: &'static Entry,
        operands: Vec<Flow>,
        flow: &Flow,
        seat: &Seat,
    ) -> Passed {
        let path = self.next_path(seat.segment.as_deref());
        self.layer_at(applying, entry, operands, flow, seat, path)
    }

    /// Adds a layer whose path is known.
    pub(super) fn layer_at(
        &mut self,
        applying: &Applying<'_>,
        entry: &'static Entry,
        operands: Vec<Flow>,
        flow: &Flow,
        seat: &Seat,
        path: String,
    ) -> Passed {
        let called = seat.called(entry.name);
        let end = match &applying.unit.kind {
            UnitKind::Call(call) => call.parentheses.map(Place::at),
            _ => None,
        };
        let name_place = Place::at(applying.name.span());
        let Some(arguments) = self.arguments(entry, applying, &called, operands, flow) else {
            return Flow::Unknown.into();
        };
        let Arguments {
            given,
            codes,
            places,
            operands,
            shared,
        } = arguments;
        let mut flows = Vec::new();
        if entry.inputs == Inputs::Flow {
            flows.push(flow.clone());
        }
        flows.extend(operands);
        let Some(inputs) = self.input_values(applying.unit, &flows, &called) else {
            return Flow::Unknown.into();
        };
        let symbolic = codes.iter().any(Option::is_some)
            || inputs
                .iter()
                .any(|input| self.graph.values[*input].symbolic)
            || shared
                .and_then(|(owner, _)| self.graph.nodes.get(owner))
                .is_some_and(|owner| owner.symbolic);
        let whole = end.map_or(name_place, |end| name_place.to(end));
        let mut node = Node {
            entry,
            layer: Layer::Other(shapewise_core::layer::other::Other::Identity),
            arguments: given,
            codes,
            ready: None,
            inside: None,
            symbolic,
            called: called.clone(),
            place: whole,
            inputs,
            output: self.graph.values.len(),
            results: seat.labels.len().max(1),
            counts: Counts::ZERO,
            path,
            span: applying.name.span(),
            shared: shared.map(|(owner, _)| owner),
            renamed: seat.renamed.clone(),
        };
        let described: Vec<Input<'_>> = node
            .inputs
            .iter()
            .map(|input| {
                let info = &self.graph.values[*input];
                Input {
                    shape: info.shape,
                    origin: &info.origin,
                }
            })
            .collect();
        let subject = Subject {
            entry,
            called: &called,
            given: &node.arguments,
            places: &places,
            inputs: &described,
            port: None,
            whole,
            deny_inexact_stride: self.graph.deny_inexact_stride,
        };
        let mut checked = match self.checked(subject, node.inputs.first()) {
            Ok(checked) => checked,
            Err(_) if symbolic => return self.dead_end(node),
            Err(error) => {
                let error = if entry.inputs == Inputs::Merge {
                    self.diverged(error, &node.inputs)
                } else {
                    error
                };
                self.tell_of(applying.unit, error);
                return Flow::Unknown.into();
            }
        };
        let results = seat.labels.len().clamp(1, checked.outputs.len().max(1));
        if let Some((owner, place)) = shared {
            match self.share(&checked, owner, &called, place) {
                Ok(counts) => checked.counts = counts,
                Err(_) if symbolic => return self.dead_end(node),
                Err(error) => {
                    self.tell_of(applying.unit, error);
                    return Flow::Unknown.into();
                }
            }
        }
        if let Err(error) = self.check_renamed(&checked.layer, seat, &called, whole) {
            self.tell_of(applying.unit, error);
        }
        let totals = self.graph.totals_fit(&checked.counts, &checked.outputs, 0);
        if !totals && (symbolic || self.graph.symbolic_totals()) {
            return self.dead_end(node);
        }
        if !totals {
            let error = Error::new(
                whole,
                format!("with {called} the totals of the network do not fit 64 bits"),
            );
            self.tell_of(applying.unit, error);
            return Flow::Unknown.into();
        }
        if self.graph.nodes.len() >= MAX_LAYERS {
            self.tell_of(
                applying.unit,
                Error::new(
                    whole,
                    format!("the network has more than {MAX_LAYERS} layers"),
                ),
            );
            return Flow::Unknown.into();
        }
        let needs_labels = entry.results.is_empty() && results < checked.outputs.len();
        node.layer = checked.layer;
        node.results = results;
        node.counts = checked.counts;
        if needs_labels {
            let count = checked.outputs.len();
            self.tell_of(
                applying.unit,
                Error::new(
                    whole,
                    format!("{called} has {count} results, and each needs a label"),
                )
                .help("label each result: `(left, right): ...`"),
            );
            return Flow::Unknown.into();
        }
        let index = self.graph.nodes.len();
        let flow = self.add(node, &checked.outputs, &applying.name, applying.unit, seat);
        Passed {
            node: Some(index),
            ..flow.into()
        }
    }

    /// Asks the layer's rules. Where they refuse, the message may speak of the
    /// network's input, which is looked for only then.
    fn checked(&self, subject: Subject<'_>, input: Option<&usize>) -> Result<Checked, Error> {
        check(&subject).or_else(|_| {
            check(&Subject {
                port: input.and_then(|input| self.port(*input)),
                ..subject
            })
        })
    }

    /// The shape of the network's input that a value was made of, by layers with
    /// one input.
    fn port(&self, mut value: usize) -> Option<Shape> {
        while let Some(node) = self.graph.values[value].node {
            let [input] = self.graph.nodes[node].inputs.as_slice() else {
                return None;
            };
            value = *input;
        }
        (value < self.graph.inputs.len()).then(|| self.shape_of(value))
    }

    /// A layer that does not fit in this world, and may with the values that only
    /// rustc knows.
    pub(super) fn dead_end(&mut self, node: Node) -> Passed {
        if self.graph.dead_end.is_none() {
            self.graph.dead_end = Some(Box::new(node));
        }
        self.give_up();
        Flow::Unknown.into()
    }

    /// What a layer costs with the weights of an earlier one.
    fn share(
        &self,
        checked: &Checked,
        owner: usize,
        called: &str,
        place: Place,
    ) -> Result<Counts, Error> {
        // A label may stand for a layer that an error kept out of the graph.
        let Some(owner) = self.graph.nodes.get(owner) else {
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
                    owner.path
                ),
            )
            .fact("its own", weight(&checked.layer))
            .fact("shared", weight(&owner.layer))
        })
    }

    /// Whether the layer has the tensors that are renamed.
    fn check_renamed(
        &self,
        layer: &Layer,
        seat: &Seat,
        called: &str,
        place: Place,
    ) -> Result<(), Error> {
        for (name, _) in &seat.renamed {
            let tensors = (0..).map_while(|index| layer.tensor(index));
            if tensors.clone().any(|tensor| tensor.name.is(name)) {
                continue;
            }
            let names: Vec<String> = tensors.map(|tensor| format!("`{}`", tensor.name)).collect();
            let error = Error::new(place, format!("{called} has no tensor `{name}` to rename"));
            return Err(if names.is_empty() {
                error.help("it has no tensors at all: leave `#[tensor]` out")
            } else {
                error.help(format!("it has {}", names.join(", ")))
            });
        }
        Ok(())
    }

    /// Adds a node and its results to the graph.
    pub(super) fn add(
        &mut self,
        node: Node,
        outputs: &[Shape],
        name: &Ident,
        unit: &Unit,
        seat: &Seat,
    ) -> Flow {
        let first = node.output;
        let results = node.results;
        let symbolic = node.symbolic;
        let index = self.graph.nodes.len();
        // Of a change of shape, what it was before tells more than its name.
        let reshaped = match (node.inputs.as_slice(), outputs) {
            ([input], [output]) => Some(self.shape_of(*input)).filter(|before| {
                before != output && before.checked_elements() == output.checked_elements()
            }),
            _ => None,
        };
        let of = reshaped.map_or_else(String::new, |before| format!(" of {before}"));
        self.graph.nodes.push(node);
        for (result, shape) in outputs.iter().take(results).enumerate() {
            let name = seat.labels.get(result).unwrap_or(name);
            let watch = self.watch(name, std::ptr::from_ref(unit) as usize, result);
            self.graph.values.push(ValueInfo {
                shape: *shape,
                symbolic,
                code: None,
                display: shape.to_string(),
                origin: format!("`{}`{of}", shorten(&seat.text)),
                node: Some(index),
                watch,
            });
        }
        if results == 1 {
            Flow::Value(first)
        } else {
            Flow::Several((first..first + results).collect())
        }
    }

    /// The values that flow in; nothing when one of them is not known.
    pub(super) fn input_values(
        &mut self,
        unit: &Unit,
        flows: &[Flow],
        called: &str,
    ) -> Option<Vec<usize>> {
        if flows.len() > MAX_INPUTS {
            self.tell_of(
                unit,
                Error::new(
                    unit.place,
                    format!(
                        "{called} has {} inputs; {MAX_INPUTS} are possible",
                        flows.len()
                    ),
                ),
            );
            return None;
        }
        let mut inputs = Vec::new();
        for flow in flows {
            match flow {
                Flow::Value(value) => inputs.push(*value),
                Flow::Unknown => return None,
                Flow::Several(values) => {
                    let error = Error::new(
                        unit.place,
                        format!("{called} takes one value, but {} flow here", values.len()),
                    )
                    .help("begin the statement with `from label,`");
                    self.tell_of(unit, error);
                    return None;
                }
            }
        }
        Some(inputs)
    }

    /// Expands a block.
    fn block(
        &mut self,
        applying: &Applying<'_>,
        block: &'a Block,
        flow: Flow,
        seat: &Seat,
    ) -> Passed {
        let name = block.name.to_string();
        if self.calls.iter().any(|(caller, _)| *caller == name) {
            let mut cycle: Vec<&str> = self
                .calls
                .iter()
                .map(|(caller, _)| caller.as_str())
                .skip_while(|caller| *caller != name)
                .collect();
            cycle.push(&name);
            let cycle = cycle.join(" -> ");
            let error = Error::new(
                applying.name.span(),
                format!("block `{name}` contains itself"),
            )
            .fact("cycle", cycle)
            .help("a block cannot call itself; `repeat` repeats layers");
            self.tell_of(applying.unit, error);
            return Flow::Unknown.into();
        }
        let Some(mut frame) = self.parameters(applying, block, &flow) else {
            return Flow::Unknown.into();
        };
        frame.input = Some(flow.clone());
        let text = applying.unit.to_string();
        let prefix = if seat.flat {
            None
        } else {
            Some(self.next_path(seat.segment.as_deref()))
        };
        self.hidden += 1;
        self.calls.push((name, text));
        self.frames.push(frame);
        let flow = match prefix {
            Some(prefix) => self.in_scope(prefix, |this| this.body(&block.body, flow)),
            None => self.body(&block.body, flow),
        };
        let frame = self.frames.pop();
        self.calls.pop();
        self.hidden -= 1;
        Passed {
            inner: frame.map(|frame| frame.labels).unwrap_or_default(),
            ..flow.into()
        }
    }

    /// The frame of a block's body: its parameters with what the call gives.
    fn parameters(
        &mut self,
        applying: &Applying<'_>,
        block: &'a Block,
        flow: &Flow,
    ) -> Option<Frame> {
        // An error may have been told at another call of the same unit.
        let mut wrong = false;
        let mut frame = Frame::of_scope(flow.clone());
        let mut position = 0;
        for given in &applying.given {
            let parameter = match &given.name {
                Some(name) => block
                    .parameters
                    .iter()
                    .find(|parameter| parameter.name == *name),
                None => {
                    position += 1;
                    block.parameters.get(position - 1)
                }
            };
            let Some(parameter) = parameter else {
                let error = no_parameter(block, given);
                self.tell_of(applying.unit, error);
                wrong = true;
                continue;
            };
            let name = parameter.name.to_string();
            if frame
                .values
                .insert(name.clone(), given.value.clone())
                .is_some()
            {
                let error = Error::new(given.place, format!("`{name}` is given twice"));
                self.tell_of(applying.unit, error);
                wrong = true;
            }
        }
        self.frames.push(frame);
        for parameter in &block.parameters {
            let name = parameter.name.to_string();
            let known = self
                .frames
                .last()
                .is_some_and(|frame| frame.values.contains_key(&name));
            match &parameter.default {
                _ if known => {}
                Some(default) => {
                    let before = self.errors.len();
                    let value = self.evaluate(default, flow);
                    wrong |= self.errors.len() > before;
                    if let Some(frame) = self.frames.last_mut() {
                        frame.values.insert(name, value);
                    }
                }
                None => {
                    let error = Error::new(
                        applying.unit.place,
                        format!("block `{}` needs `{name}`", block.name),
                    )
                    .help(usage(block));
                    self.tell_of(applying.unit, error);
                    wrong = true;
                }
            }
        }
        let frame = self.frames.pop();
        frame.filter(|_| !wrong)
    }
}

/// A text for a message: its beginning and end, when it is long.
fn shorten(text: &str) -> String {
    const MOST: usize = 72;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    let start: String = text.chars().take(MOST / 2).collect();
    let end: Vec<char> = text.chars().rev().take(MOST / 3).collect();
    format!("{start}...{}", end.into_iter().rev().collect::<String>())
}
