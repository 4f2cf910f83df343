//! Networks as layers, of this invocation and of elsewhere.

mod cycles;
mod known;

pub(in crate::resolve) use known::Known;

use std::rc::Rc;

use proc_macro2::{Span, TokenStream};
use quote::quote;
use shapewise_core::layer::subnetwork::{self, Subnetwork};
use shapewise_core::{Counts, Layer, Shape};

use super::Applying;
use crate::graph::{Node, Ready, Resolved};
use crate::report::{Error, Place};
use crate::resolve::Builder;
use crate::resolve::scope::Flow;
use crate::resolve::statement::{Passed, Seat};
use crate::resolve::value::Val;
use crate::suggest::nearest;
use crate::syntax::tree::{Argument, File, Network, Unit};
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

impl<'a> Builder<'a> {
    /// A network of this invocation.
    pub(super) fn local(
        &mut self,
        applying: &Applying<'_>,
        network: &'a Network,
        flow: &Flow,
        seat: &Seat,
    ) -> Passed {
        let name = network.name.to_string();
        let ident = &applying.name;
        let called = Called {
            place: applying.unit.place,
            span: ident.span(),
            name: name.clone(),
            path: quote!(#ident),
        };
        let mut shared = None;
        for given in &applying.given {
            match given.value {
                Val::Tied(node) => shared = Some((node, given.place)),
                Val::Unknown => return Flow::Unknown.into(),
                _ => {
                    let error = Error::new(
                        given.place,
                        format!("the network `{name}` takes no arguments but `shared`"),
                    )
                    .help("what depends on arguments is a block");
                    self.findings.tell_of(applying.unit, error);
                    return Flow::Unknown.into();
                }
            }
        }
        if let Some(cycle) = cycles::back(self.source.file, network, self.source.network) {
            self.tell_cycle(applying, &cycle);
            return Flow::Unknown.into();
        }
        match self.world.form(self.source.file, network) {
            Form::Wrong => Flow::Unknown.into(),
            Form::Symbolic => self.elsewhere(applying.unit, &called, shared, flow, seat),
            Form::Whole(network) => {
                let shape = |value: usize| network.values[value].shape;
                let inputs: Vec<Shape> = (0..network.inputs.len()).map(shape).collect();
                let outputs = network.outputs.iter();
                let outputs: Vec<Shape> = outputs.map(|(_, value)| shape(*value)).collect();
                let Some(values) = self.findings.one_input(applying.unit, flow, seat) else {
                    return Flow::Unknown.into();
                };
                let info = &self.draft.graph.values[values[0]];
                let label = seat.called(&name);
                let wrong = match inputs.as_slice() {
                    [input] if info.symbolic || *input == info.shape => None,
                    [input] => Some(
                        Error::new(
                            called.place,
                            format!("{label} takes {input}, but {} comes in", info.shape),
                        )
                        .fact("input", format!("{}, from {}", info.shape, info.origin))
                        .fact("declared", format!("{input}, by the network `{name}`"))
                        .help("give it the input that it declares, or declare another one"),
                    ),
                    inputs => Some(
                        Error::new(
                            called.place,
                            format!("the network `{name}` has {} inputs", inputs.len()),
                        )
                        .help("a network with one input can be a layer"),
                    ),
                };
                if let Some(error) = wrong {
                    self.findings.tell_of(applying.unit, error);
                    return Flow::Unknown.into();
                }
                self.network_node(
                    applying.unit,
                    &called,
                    shared,
                    values,
                    &outputs,
                    Some(&network),
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
        arguments: &[Argument],
        flow: &Flow,
        seat: &Seat,
    ) -> Passed {
        let mut shared = None;
        for argument in arguments {
            if argument.name.as_ref().is_none_or(|name| name != "shared") {
                let message = format!(
                    "the network `{}` takes no arguments but `shared`",
                    called.name
                );
                let error = Error::new(argument.place(), message)
                    .help("numbers are its const generics: `Backbone::<64>`");
                self.findings.tell_of(unit, error);
                return Flow::Unknown.into();
            }
            let Val::Tied(node) = self.at(flow).tied(&argument.value) else {
                return Flow::Unknown.into();
            };
            shared = Some((node, argument.place()));
        }
        self.elsewhere(unit, called, shared, flow, seat)
    }

    /// A network whose shapes only rustc knows.
    fn elsewhere(
        &mut self,
        unit: &Unit,
        called: &Called,
        shared: Option<(usize, Place)>,
        flow: &Flow,
        seat: &Seat,
    ) -> Passed {
        let Some(values) = self.findings.one_input(unit, flow, seat) else {
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
        shared: Option<(usize, Place)>,
        inputs: Vec<usize>,
        outputs: &[Shape],
        inside: Option<&Rc<Resolved>>,
        seat: &Seat,
    ) -> Passed {
        let results = seat.labels.len().max(1);
        let whole = called.place;
        if results > outputs.len() || (outputs.len() > 1 && results < outputs.len()) {
            let error = Error::new(
                whole,
                format!(
                    "the network `{}` has {} outputs, and each needs a label",
                    called.name,
                    outputs.len()
                ),
            )
            .help("`(boxes, classes): ...`, a label per output in its order");
            self.findings.tell_of(unit, error);
            return Flow::Unknown.into();
        }
        let owner =
            shared.and_then(|(owner, place)| Some((self.draft.graph.nodes.get(owner)?, place)));
        let mut own = inside.map_or(Counts::ZERO, |network| network.totals());
        if let Some((owner, place)) = owner {
            let same = match &owner.ready {
                Some(Ready::Network(path)) => path.to_string() == called.path.to_string(),
                _ => false,
            };
            if !same {
                let error = Error::new(
                    place,
                    format!(
                        "`{}` cannot be shared with `{}`, which is another network or a layer",
                        called.name, owner.path
                    ),
                )
                .help("a network shares with an earlier use of itself");
                self.findings.tell_of(unit, error);
                return Flow::Unknown.into();
            }
            own = Counts {
                macs: own.macs,
                ..Counts::ZERO
            };
        }
        let elements = inside.and_then(|network| network.activations());
        let fits = self
            .draft
            .graph
            .totals_fit(&own, outputs, elements.unwrap_or_default());
        if !fits {
            let error = Error::new(
                whole,
                format!(
                    "with `{}` the totals of the network do not fit 64 bits",
                    called.name
                ),
            );
            self.findings.tell_of(unit, error);
            return Flow::Unknown.into();
        }
        let node = Node {
            layer: Layer::Subnetwork(Subnetwork::EMPTY),
            ready: Some(Ready::Network(called.path.clone())),
            inside: inside.cloned(),
            symbolic: inside.is_none()
                || inputs
                    .iter()
                    .any(|input| self.draft.graph.values[*input].symbolic),
            counts: own,
            shared: shared.map(|(owner, _)| owner),
            ..self
                .draft
                .ready_node(subnetwork::ENTRY, called, inputs, results, seat)
        };
        let unknown = inside.is_none();
        self.draft
            .add_ready(node, outputs, unknown, unit, called, seat)
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
    let blocks: Vec<String> = file
        .blocks
        .iter()
        .map(|block| block.name.to_string())
        .collect();
    let near = nearest(&text, blocks.iter().map(String::as_str));
    let misspelt = near.is_some_and(|near| near.len().abs_diff(text.len()) <= 1);
    let alias =
        shapewise_core::catalogue::entries().any(|entry| entry.aliases.contains(&text.as_str()));
    text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.contains(|c: char| c.is_lowercase())
        && applying.given.is_empty()
        && !misspelt
        && !alias
}
