//! Networks as layers, of this invocation and of elsewhere, and layers of the
//! user's own.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use shapewise_core::layer::custom;
use shapewise_core::layer::subnetwork::{self, Subnetwork};
use shapewise_core::{Counts, Layer, Shape};

use super::call::Applying;
use super::graph::{Code, Node, Ready, Resolved};
use super::scope::Flow;
use super::statement::{Passed, Seat};
use super::suggest::nearest;
use super::symbol::SymbolKind;
use super::value::Val;
use super::world::candidate;
use super::{Builder, cycles};
use crate::report::{Error, Place};
use crate::syntax::tree::{Argument, ExpressionKind, Network, NetworkPath, Unit};

/// The networks of the invocation that were resolved on the way to another one.
#[derive(Debug, Default)]
pub(super) struct Known {
    found: RefCell<HashMap<String, Form>>,
}

/// What a network is as a layer.
#[derive(Clone, Debug)]
enum Form {
    /// All of it is known.
    Whole(Rc<Resolved>),
    /// Only rustc knows a part of it.
    Symbolic,
    /// An error elsewhere says why it is not known.
    Wrong,
}

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
                    self.tell_of(applying.unit, error);
                    return Flow::Unknown.into();
                }
            }
        }
        if let Some(cycle) = cycles::back(self.file, network, self.network) {
            self.tell_cycle(applying, &cycle);
            return Flow::Unknown.into();
        }
        match self.known(network) {
            Form::Wrong => Flow::Unknown.into(),
            Form::Symbolic => self.elsewhere(applying.unit, &called, shared, flow, seat),
            Form::Whole(network) => {
                let shape = |value: usize| network.values[value].shape;
                let inputs: Vec<Shape> = (0..network.inputs.len()).map(shape).collect();
                let outputs = network.outputs.iter();
                let outputs: Vec<Shape> = outputs.map(|(_, value)| shape(*value)).collect();
                let Some(values) = self.one_input(applying.unit, flow, seat) else {
                    return Flow::Unknown.into();
                };
                let info = &self.graph.values[values[0]];
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
                    self.tell_of(applying.unit, error);
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

    /// Tells of a network that is a layer of itself: once, in the first of the
    /// networks of the cycle.
    fn tell_cycle(&mut self, applying: &Applying<'_>, cycle: &[String]) {
        self.incomplete = true;
        let mut networks = self.file.networks.iter();
        let first = networks.find(|network| cycle.iter().any(|name| network.name == name));
        if first.is_some_and(|first| first.name == self.network.name) {
            let name = &applying.name;
            let error = Error::new(
                name.span(),
                format!("the network `{}` contains itself", self.network.name),
            )
            .fact("cycle", cycle.join(" -> "))
            .help("a network cannot be its own layer; `repeat` repeats layers");
            self.tell_of(applying.unit, error);
        }
    }

    /// What a network of this invocation is.
    fn known(&self, network: &Network) -> Form {
        let name = network.name.to_string();
        let known = self.world.known;
        if let Some(found) = known.found.borrow().get(&name) {
            return found.clone();
        }
        let outcome = super::world::resolve(self.file, network, known);
        let graph = outcome.graph;
        let found = if !network.errors.is_empty() || !outcome.errors.is_empty() {
            Form::Wrong
        } else if graph.symbols.is_some() || !network.generics.is_empty() {
            Form::Symbolic
        } else if outcome.incomplete {
            Form::Wrong
        } else {
            Form::Whole(Rc::new(graph))
        };
        known.found.borrow_mut().insert(name, found.clone());
        found
    }

    /// Whether a name that is no block and no layer is that of a network of
    /// elsewhere: in CamelCase, without arguments, and no misspelt block.
    pub(super) fn is_foreign(&self, applying: &Applying<'_>) -> bool {
        let text = applying.name.to_string();
        let blocks: Vec<String> = self
            .file
            .blocks
            .iter()
            .map(|block| block.name.to_string())
            .collect();
        let near = nearest(&text, blocks.iter().map(String::as_str));
        let misspelt = near.is_some_and(|near| near.len().abs_diff(text.len()) <= 1);
        let alias = shapewise_core::catalogue::entries()
            .any(|entry| entry.aliases.contains(&text.as_str()));
        text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.contains(|c: char| c.is_lowercase())
            && applying.given.is_empty()
            && !misspelt
            && !alias
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
            let is_shared = argument.name.as_ref().is_some_and(|name| name == "shared");
            match self.tied_argument(argument, flow) {
                Val::Tied(node) if is_shared => shared = Some((node, argument.place())),
                Val::Unknown if is_shared => return Flow::Unknown.into(),
                _ => {
                    let error = Error::new(
                        argument.place(),
                        format!(
                            "the network `{}` takes no arguments but `shared`",
                            called.name
                        ),
                    )
                    .help("numbers are its const generics: `Backbone::<64>`");
                    self.tell_of(unit, error);
                    return Flow::Unknown.into();
                }
            }
        }
        self.elsewhere(unit, called, shared, flow, seat)
    }

    fn tied_argument(&mut self, argument: &Argument, flow: &Flow) -> Val {
        match &argument.name {
            Some(name) if name == "shared" => self.tied(&argument.value, flow),
            _ => Val::Bool(false),
        }
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
        let Some(values) = self.one_input(unit, flow, seat) else {
            return Flow::Unknown.into();
        };
        let results = seat.labels.len().max(1);
        let input = self.graph.values[values[0]].shape;
        let outputs: Vec<Shape> = (0..results).map(|_| self.guess(&input)).collect();
        self.network_node(unit, called, shared, values, &outputs, None, seat)
    }

    /// A shape in the place of one that only rustc knows.
    fn guess(&mut self, input: &Shape) -> Shape {
        self.world.guessed.set(true);
        let place = self.foreign;
        self.foreign += 1;
        // Of all ranks; alike and different, since merges want positions alike.
        let world = self.world.choice.number;
        let own = |shared: bool| if shared { 0 } else { 4 * place };
        let rank = (world + own(world % 3 != 2)) % 5;
        // Places of their own among the candidates, beyond those of atoms.
        let extents: Vec<usize> = (0..rank)
            .map(|axis| {
                let channels = axis + 1 == rank;
                let shared = if channels {
                    world % 4 < 2
                } else {
                    world % 7 < 5
                };
                candidate(world, 3 + own(shared) + axis, None)
            })
            .map(|extent| usize::try_from(extent).unwrap_or(1))
            .collect();
        Shape::try_new(&extents)
            .filter(|shape| shape.checked_elements().is_some())
            .unwrap_or(*input)
    }

    /// The one value that flows in.
    fn one_input(&mut self, unit: &Unit, flow: &Flow, seat: &Seat) -> Option<Vec<usize>> {
        let called = seat.called(&unit.to_string());
        self.input_values(unit, std::slice::from_ref(flow), &called)
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
            self.tell_of(unit, error);
            return Flow::Unknown.into();
        }
        let owner = shared.and_then(|(owner, place)| Some((self.graph.nodes.get(owner)?, place)));
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
                self.tell_of(unit, error);
                return Flow::Unknown.into();
            }
            own = Counts {
                macs: own.macs,
                ..Counts::ZERO
            };
        }
        let elements = inside.and_then(|network| network.activations());
        let fits = self
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
            self.tell_of(unit, error);
            return Flow::Unknown.into();
        }
        let node = Node {
            layer: Layer::Subnetwork(Subnetwork::EMPTY),
            ready: Some(Ready::Network(called.path.clone())),
            inside: inside.cloned(),
            symbolic: inside.is_none()
                || inputs
                    .iter()
                    .any(|input| self.graph.values[*input].symbolic),
            counts: own,
            shared: shared.map(|(owner, _)| owner),
            ..self.ready_node(subnetwork::ENTRY, called, inputs, results, seat)
        };
        let unknown = inside.is_none();
        self.add_ready(node, outputs, unknown, unit, called, seat)
    }

    fn ready_node(
        &mut self,
        entry: &'static shapewise_core::catalogue::Entry,
        called: &Called,
        inputs: Vec<usize>,
        results: usize,
        seat: &Seat,
    ) -> Node {
        Node {
            entry,
            layer: Layer::Other(shapewise_core::layer::other::Other::Identity),
            arguments: Vec::new(),
            codes: Vec::new(),
            ready: None,
            inside: None,
            symbolic: true,
            called: seat.called(&called.name),
            place: called.place,
            inputs,
            output: self.graph.values.len(),
            results,
            counts: Counts::ZERO,
            path: self.next_path(seat.segment.as_deref()),
            span: called.span,
            shared: None,
            renamed: Vec::new(),
        }
    }

    fn add_ready(
        &mut self,
        node: Node,
        outputs: &[Shape],
        unknown: bool,
        unit: &Unit,
        called: &Called,
        seat: &Seat,
    ) -> Passed {
        let index = self.graph.nodes.len();
        let values = node.output..node.output + node.results;
        let name = Ident::new("network", called.span);
        let flow = self.add(node, outputs, &name, unit, seat);
        // What a network of this invocation gives is known, whatever came in.
        for value in values {
            self.graph.values[value].symbolic = unknown;
        }
        Passed {
            node: Some(index),
            ..flow.into()
        }
    }

    /// `custom path::to::layer(arguments)`
    pub(super) fn custom(
        &mut self,
        unit: &'a Unit,
        path: &'a NetworkPath,
        flow: &Flow,
        seat: &Seat,
    ) -> Passed {
        let mut arguments = Code::default();
        for argument in &path.arguments {
            let Some(code) = self.custom_argument(argument, flow) else {
                return Flow::Unknown.into();
            };
            let tokens = &code.tokens;
            arguments.tokens.extend(quote!(#tokens,));
            arguments.reads.extend(code.reads);
        }
        let Some(inputs) = self.one_input(unit, flow, seat) else {
            return Flow::Unknown.into();
        };
        let called = Called {
            place: unit.place,
            span: path.place.first,
            name: path.to_string(),
            path: path.path.clone(),
        };
        let input = self.graph.values[inputs[0]].shape;
        let output = self.guess(&input);
        if !self.graph.totals_fit(&Counts::ZERO, &[output], 0) {
            self.give_up();
            return Flow::Unknown.into();
        }
        let node = Node {
            ready: Some(Ready::Custom {
                function: path.path.clone(),
                arguments,
            }),
            ..self.ready_node(custom::ENTRY, &called, inputs, 1, seat)
        };
        self.add_ready(node, &[output], true, unit, &called, seat)
    }

    /// An argument of a function of the user's: values of the network's language
    /// as numbers, Rust expressions as they are.
    fn custom_argument(&mut self, argument: &Argument, flow: &Flow) -> Option<Code> {
        if let Some(name) = &argument.name {
            let error = Error::new(name.span(), "a function's arguments have no names")
                .help("write the value alone, in the function's order");
            self.tell(error);
            return None;
        }
        if let ExpressionKind::Rust(code) = &argument.value.kind {
            return Some(Code::new(super::symbol::braced(code)));
        }
        let value = self.evaluate(&argument.value, flow);
        let code = match &value {
            Val::Unknown => return None,
            Val::Float(value) => {
                let literal = Literal::f64_unsuffixed(value.abs());
                Code::new(if value.is_sign_negative() {
                    quote!(-#literal)
                } else {
                    quote!(#literal)
                })
            }
            Val::Bool(value) => Code::new(quote!(#value)),
            Val::Text(text) => Code::new(quote!(#text)),
            Val::Int(_) => self.number(&value)?.code,
            Val::Symbol(symbol) => match symbol.kind {
                SymbolKind::Atom(atom) => {
                    let tokens = self.world.atoms.borrow()[atom].tokens.clone();
                    Code::new(tokens)
                }
                SymbolKind::Number => self.extents_code_of(&value, argument)?,
                SymbolKind::Truth => symbol.code.clone(),
            },
            Val::Extents(extents) => {
                let extents = extents
                    .iter()
                    .map(|extent| Literal::usize_unsuffixed(*extent));
                Code::new(quote!([#(#extents),*]))
            }
            other => {
                let noun = other.noun();
                self.tell(
                    Error::new(
                        argument.place(),
                        format!("a function of Rust does not take {noun}"),
                    )
                    .help("numbers, truth values and `{ any Rust expression }`"),
                );
                return None;
            }
        };
        Some(code)
    }

    fn extents_code_of(&self, value: &Val, argument: &Argument) -> Option<Code> {
        self.extents_code(std::slice::from_ref(value), argument.place())
            .map(|code| {
                let tokens = code.tokens;
                // One extent without its comma: in a tuple's place of one.
                Code {
                    tokens: quote!((#tokens).0),
                    reads: code.reads,
                }
            })
    }
}
