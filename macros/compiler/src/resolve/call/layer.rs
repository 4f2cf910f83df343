//! A layer of the catalogue: its rules are asked, and it becomes a node.

use shapewise_core::catalogue::{Entry, Inputs};
use shapewise_core::{Counts, Layer, Shape};

use super::Applying;
use super::arguments::Arguments;
use crate::check::layer::{Checked, Input, Subject, check};
use crate::graph::Node;
use crate::report::{Error, Place};
use crate::resolve::divergence::diverged;
use crate::resolve::scope::Flow;
use crate::resolve::statement::{Passed, Seat};
use crate::resolve::{Builder, MAX_LAYERS};
use crate::syntax::tree::UnitKind;

impl Builder<'_> {
    /// Adds a layer. `operands` are what a merge with branches merges.
    pub(super) fn layer(
        &mut self,
        applying: &Applying<'_>,
        entry: &'static Entry,
        operands: Vec<Flow>,
        flow: &Flow,
        seat: &Seat,
    ) -> Passed {
        let path = self.draft.paths.next(seat.segment.as_deref());
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
        let called = seat.called(entry.name);
        let end = match &applying.unit.kind {
            UnitKind::Call(call) => call.parentheses.map(Place::at),
            _ => None,
        };
        let name_place = Place::at(applying.name.span());
        let Some(arguments) = self.at(flow).arguments(entry, applying, &called, operands) else {
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
        let Some(inputs) = self.findings.input_values(applying.unit, &flows, &called) else {
            return Flow::Unknown.into();
        };
        let symbolic = codes.iter().any(Option::is_some)
            || inputs
                .iter()
                .any(|input| self.draft.graph.values[*input].symbolic)
            || shared
                .and_then(|(owner, _)| self.draft.graph.nodes.get(owner))
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
            output: self.draft.graph.values.len(),
            results: seat.labels.len().max(1),
            counts: Counts::ZERO,
            path,
            span: applying.name.span(),
            shared: shared.map(|(owner, _)| owner),
            renamed: seat.renamed.clone(),
        };
        let checked = match self.checked(&node, &places, shared) {
            Ok(checked) => checked,
            Err(_) if symbolic => return self.dead_end(node),
            Err(error) => {
                self.findings.tell_of(applying.unit, error);
                return Flow::Unknown.into();
            }
        };
        if let Err(error) = self.check_renamed(&checked.layer, seat, &called, whole) {
            self.findings.tell_of(applying.unit, error);
        }
        let totals = self
            .draft
            .graph
            .totals_fit(&checked.counts, &checked.outputs, 0);
        if !totals && (symbolic || self.draft.graph.symbolic_totals()) {
            return self.dead_end(node);
        }
        if !totals {
            let error = Error::new(
                whole,
                format!("with {called} the totals of the network do not fit 64 bits"),
            );
            self.findings.tell_of(applying.unit, error);
            return Flow::Unknown.into();
        }
        if self.draft.graph.nodes.len() >= MAX_LAYERS {
            self.findings.tell_of(
                applying.unit,
                Error::new(
                    whole,
                    format!("the network has more than {MAX_LAYERS} layers"),
                ),
            );
            return Flow::Unknown.into();
        }
        let count = checked.outputs.len();
        let results = seat.labels.len().clamp(1, count.max(1));
        if entry.results.is_empty() && results < count {
            self.findings.tell_of(
                applying.unit,
                Error::new(
                    whole,
                    format!("{called} has {count} results, and each needs a label"),
                )
                .help("label each result: `(left, right): ...`"),
            );
            return Flow::Unknown.into();
        }
        node.layer = checked.layer;
        node.results = results;
        node.counts = checked.counts;
        let index = self.draft.graph.nodes.len();
        let flow = self
            .draft
            .add(node, &checked.outputs, &applying.name, applying.unit, seat);
        Passed {
            node: Some(index),
            ..flow.into()
        }
    }

    /// Asks the layer's rules, and what it costs with the weights that it shares.
    /// `places` are those of its arguments.
    fn checked(
        &self,
        node: &Node,
        places: &[Place],
        shared: Option<(usize, Place)>,
    ) -> Result<Checked, Error> {
        let input = |input: &usize| {
            let info = &self.draft.graph.values[*input];
            Input {
                shape: info.shape,
                origin: &info.origin,
            }
        };
        let inputs: Vec<Input<'_>> = node.inputs.iter().map(input).collect();
        let subject = Subject {
            entry: node.entry,
            called: &node.called,
            given: &node.arguments,
            places,
            inputs: &inputs,
            port: None,
            whole: node.place,
            deny_inexact_stride: self.draft.graph.deny_inexact_stride,
        };
        // Where they refuse, the message may speak of the network's input, which is
        // looked for only then.
        let refused = |_| {
            let first = node.inputs.first();
            check(&Subject {
                port: first.and_then(|input| self.port(*input)),
                ..subject
            })
        };
        let mut checked = match check(&subject).or_else(refused) {
            Err(error) if node.entry.inputs == Inputs::Merge && !node.symbolic => {
                return Err(diverged(&self.draft.graph, error, &node.inputs));
            }
            checked => checked?,
        };
        if let Some((owner, place)) = shared {
            checked.counts = self.share(&checked, owner, &node.called, place)?;
        }
        Ok(checked)
    }

    /// The shape of the network's input that a value was made of, by layers with
    /// one input.
    fn port(&self, mut value: usize) -> Option<Shape> {
        while let Some(node) = self.draft.graph.values[value].node {
            let [input] = self.draft.graph.nodes[node].inputs.as_slice() else {
                return None;
            };
            value = *input;
        }
        (value < self.draft.graph.inputs.len()).then(|| self.draft.shape_of(value))
    }

    /// A layer that does not fit in this world, and may with the values that only
    /// rustc knows.
    fn dead_end(&mut self, node: Node) -> Passed {
        if self.draft.graph.dead_end.is_none() {
            self.draft.graph.dead_end = Some(Box::new(node));
        }
        self.findings.give_up();
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
        let Some(owner) = self.draft.graph.nodes.get(owner) else {
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
}
