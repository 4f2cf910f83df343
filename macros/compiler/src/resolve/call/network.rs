//! Networks as layers, of this invocation and of elsewhere.

mod cycles;
pub(super) mod given;
mod known;

pub(in crate::resolve) use known::Known;

use std::rc::Rc;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use shapewise_core::layer::subnetwork::{self, Subnetwork};
use shapewise_core::{Counts, Layer, Shape};

use super::{Applying, Layers};
use crate::graph::{Node, Ready, Resolved, Step, ValueInfo};
use crate::report::{Error, Place};
use crate::resolve::scope::Flow;
use crate::resolve::statement::{Passed, Seat};
use crate::resolve::value::Given;
use crate::suggest::nearest;
use crate::syntax::tree::{File, Network, Unit};
use given::GivenTo;
use known::Form;

/// A network where it is called.
#[derive(Debug)]
pub(super) struct Called {
    /// All of the call.
    pub(super) place: Place,
    /// Its first word.
    pub(super) span: Span,
    /// As it is written.
    pub(super) name: String,
    /// The path of its type.
    pub(super) path: TokenStream,
}

/// The layer whose weights are used, and where that is said.
type Shared = (usize, Place);

impl Layers<'_, '_> {
    /// A network of this invocation.
    pub(super) fn local(
        &mut self,
        applying: &Applying<'_>,
        network: &Network,
        flow: &Flow,
        seat: &Seat,
    ) -> Passed {
        let ident = &applying.name;
        let called = Called {
            place: applying.unit.place,
            span: ident.span(),
            name: network.name.to_string(),
            path: quote!(#ident),
        };
        let Ok(given) = self
            .findings
            .given_to_network(applying.unit, &called, &applying.given)
        else {
            return Flow::Unknown.into();
        };
        if let Some(cycle) = cycles::back(self.source.file, network, self.source.network) {
            self.tell_cycle(applying, &cycle);
            return Flow::Unknown.into();
        }
        match self.world.form(self.source.file, network) {
            Form::Wrong => Flow::Unknown.into(),
            Form::Symbolic => self.elsewhere(applying.unit, &called, given, flow, seat),
            Form::Whole(network) => {
                let flows = match given.in_order(flow, &network.inputs, &called) {
                    Ok(flows) => flows,
                    Err(error) => return self.findings.refuse(applying.unit, error).into(),
                };
                let name = seat.called(&called.name);
                let Some(values) =
                    self.findings
                        .input_values(applying.unit, &flows, &name, self.names)
                else {
                    return Flow::Unknown.into();
                };
                if let Some(error) = self.refused(&network, &values, &called, seat) {
                    return self.findings.refuse(applying.unit, error).into();
                }
                let shared = given.shared;
                let outputs = network.outputs.iter();
                let outputs: Vec<Shape> = outputs
                    .map(|(_, value)| network.values[*value].shape)
                    .collect();
                let inside = Some(&network);
                self.network_node(
                    applying.unit,
                    &called,
                    shared,
                    values,
                    &outputs,
                    inside,
                    seat,
                )
            }
        }
    }

    /// A network of elsewhere, by its path.
    pub(super) fn foreign(
        &mut self,
        unit: &Unit,
        called: &Called,
        given: &[Given],
        flow: &Flow,
        seat: &Seat,
    ) -> Passed {
        match self.findings.given_to_network(unit, called, given) {
            Ok(given) => self.elsewhere(unit, called, given, flow, seat),
            Err(()) => Flow::Unknown.into(),
        }
    }

    /// The error for values that a network of this invocation does not take.
    fn refused(
        &self,
        network: &Resolved,
        values: &[usize],
        called: &Called,
        seat: &Seat,
    ) -> Option<Error> {
        let mut inputs = network.inputs.iter().zip(&network.values).zip(values);
        inputs.find_map(|((name, declared), value)| {
            let info = &self.draft.graph.values[*value];
            let port = (network.inputs.len() > 1).then_some(name.as_str());
            refuses(declared.shape, port, info, called, seat)
        })
    }

    /// A network whose shapes only rustc knows.
    fn elsewhere(
        &mut self,
        unit: &Unit,
        called: &Called,
        given: GivenTo,
        flow: &Flow,
        seat: &Seat,
    ) -> Passed {
        if let Some((name, place)) = given.named() {
            let headline = format!("the inputs of `{}` are given in their order", called.name);
            let error = Error::new(place, headline);
            let help = format!("leave `{name} =` out: what flows in is the first");
            return self.findings.refuse(unit, error.help(help)).into();
        }
        let shared = given.shared;
        let values = given.values.into_iter().map(|value| value.flow);
        let flows: Vec<Flow> = std::iter::once(flow.clone()).chain(values).collect();
        let name = seat.called(&called.name);
        let Some(values) = self.findings.input_values(unit, &flows, &name, self.names) else {
            return Flow::Unknown.into();
        };
        let results = seat.labels.len().max(1);
        let input = self.draft.graph.values[values[0]].shape;
        let outputs: Vec<Shape> = (0..results)
            .map(|_| self.draft.guess(self.world, &input))
            .collect();
        self.network_node(unit, called, shared, values, &outputs, None, seat)
    }

    #[expect(clippy::too_many_arguments, reason = "each is one fact of the node")]
    fn network_node(
        &mut self,
        unit: &Unit,
        called: &Called,
        shared: Option<Shared>,
        inputs: Vec<usize>,
        outputs: &[Shape],
        inside: Option<&Rc<Resolved>>,
        seat: &Seat,
    ) -> Passed {
        let results = seat.labels.len().max(1);
        let graph = &mut self.draft.graph;
        let counts = match network_counts(graph, called, shared, outputs, inside, results) {
            Ok(counts) => counts,
            Err(error) => {
                return self.findings.refuse(unit, error).into();
            }
        };
        let symbolic = inside.is_none() || inputs.iter().any(|input| graph.values[*input].symbolic);
        let ready = Ready::Network(called.path.clone());
        let node = Node {
            step: Rc::new(Step {
                symbolic,
                within: self.findings.trail.lines(),
                shared: shared.map(|(owner, _)| owner),
                ..self
                    .draft
                    .ready_step(subnetwork::ENTRY, called, ready, inputs, seat)
            }),
            layer: Layer::Subnetwork(Subnetwork::EMPTY),
            inside: inside.cloned(),
            results,
            counts,
        };
        let name = Ident::new("network", called.span);
        self.draft.add(node, outputs, &name, unit, seat)
    }

    /// Tells of a network that is a layer of itself: once, in the first of the
    /// networks of the cycle.
    fn tell_cycle(&mut self, applying: &Applying<'_>, cycle: &[String]) {
        self.findings.incomplete = true;
        let mut networks = self.source.file.networks.iter();
        let first = networks.find(|network| cycle.iter().any(|name| network.name == name));
        if first.is_some_and(|first| first.name == self.source.network.name) {
            let name = &applying.name;
            let error = Error::new(
                name.span(),
                format!("the network `{}` contains itself", self.source.network.name),
            )
            .fact("cycle", cycle.join(" -> "))
            .help("a network cannot be its own layer; `repeat` repeats layers");
            self.findings.tell_of(applying.unit, error);
        }
    }
}

/// Whether a name that is no block and no layer is that of a network of
/// elsewhere: in CamelCase, without arguments, and no misspelt block.
pub(super) fn is_foreign(file: &File, applying: &Applying<'_>) -> bool {
    let text = applying.name.to_string();
    let blocks = file.names(applying.home).map(ToString::to_string);
    let blocks: Vec<String> = blocks.collect();
    let near = nearest(&text, blocks.iter().map(String::as_str));
    let misspelt = near.is_some_and(|near| near.len().abs_diff(text.len()) <= 1);
    let alias = super::foreign::is_known(&text);
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.contains(|c: char| c.is_lowercase())
        && applying.given.iter().all(given::is_value)
        && !misspelt
        && !alias
}

/// The error for a value that an input of a network does not take.
fn refuses(
    declared: Shape,
    port: Option<&str>,
    info: &ValueInfo,
    called: &Called,
    seat: &Seat,
) -> Option<Error> {
    let (name, found) = (&called.name, info.shape);
    if info.symbolic || found == declared {
        return None;
    }
    let label = seat.called(name);
    let at = port.map_or_else(String::new, |port| format!(" at its input `{port}`"));
    let headline = format!("{label} takes {declared}{at}, but {found} comes in");
    Some(
        Error::new(called.place, headline)
            .fact("input", format!("{found}, from {}", info.origin))
            .fact("declared", format!("{declared}, by the network `{name}`"))
            .help("give it the input that it declares, or declare another one"),
    )
}

/// What a network costs as a layer, which the graph then has room for.
fn network_counts(
    graph: &mut Resolved,
    called: &Called,
    shared: Option<Shared>,
    outputs: &[Shape],
    inside: Option<&Rc<Resolved>>,
    results: usize,
) -> Result<Counts, Error> {
    let (name, count) = (&called.name, outputs.len());
    if results > count || (count > 1 && results < count) {
        let headline = format!("the network `{name}` has {count} outputs, and each needs a label");
        let labels = inside.map_or_else(
            || "boxes, classes".to_owned(),
            |network| {
                let names = network.outputs.iter().map(|(name, _)| name.as_str());
                names.collect::<Vec<_>>().join(", ")
            },
        );
        return Err(Error::new(called.place, headline)
            .help(format!("label each in its order: `({labels}): ...`")));
    }
    let mut counts = inside.map_or(Counts::ZERO, |network| network.totals());
    if let Some((owner, place)) = shared
        && let Some(owner) = graph.nodes.get(owner)
    {
        let same = matches!(&owner.step.ready, Some(Ready::Network(path))
            if path.to_string() == called.path.to_string());
        if !same {
            let headline = format!(
                "`{name}` cannot be shared with `{}`, which is another network or a layer",
                owner.step.path
            );
            return Err(
                Error::new(place, headline).help("a network shares with an earlier use of itself")
            );
        }
        counts = Counts {
            macs: counts.macs,
            ..Counts::ZERO
        };
    }
    let elements = inside.and_then(|network| network.activations());
    if !graph.totals_fit(&counts, outputs, elements.unwrap_or_default()) {
        let headline = format!("with `{name}` the totals of the network do not fit 64 bits");
        return Err(Error::new(called.place, headline));
    }
    Ok(counts)
}
