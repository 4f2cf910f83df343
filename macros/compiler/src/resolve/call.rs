//! Units and calls: what a name stands for.

mod arguments;
mod block;
mod custom;
mod foreign;
pub(super) mod habits;
mod layer;
mod mistakes;
pub(super) mod network;
mod node;
mod ready;
pub(super) mod unknown;

use proc_macro2::Ident;
use shapewise_core::catalogue;

use super::draft::Draft;
use super::expression::Evaluator;
use super::findings::Findings;
use super::scope::{Flow, Frames};
use super::statement::{Passed, Seat};
use super::value::{Given, Val};
use super::world::World;
use super::{Builder, MAX_DEPTH, Source};
use crate::report::{Error, Place};
use crate::syntax::tree::{Argument, Call, Home, Unit, UnitKind};
use network::Called;
pub(super) use ready::guessed;

/// A call on its way to a layer or block.
pub(super) struct Applying<'u> {
    /// The unit that it stands for.
    pub(super) unit: &'u Unit,
    /// What is called.
    pub(super) name: Ident,
    /// Where its name is looked up, if it is a block.
    pub(super) home: Home,
    /// With what.
    pub(super) given: Vec<Given>,
}

/// What adds layers to the draft: it sees the names, and changes none.
pub(super) struct Layers<'b, 'a> {
    source: Source<'a>,
    world: World<'a>,
    names: &'b Frames,
    draft: &'b mut Draft,
    findings: &'b mut Findings,
}

impl Layers<'_, '_> {
    /// What reads the values of a call; `flow` is what `_` stands for.
    fn at<'b>(&'b mut self, flow: &'b Flow) -> Evaluator<'b, 'b> {
        Evaluator {
            source: self.source,
            world: self.world,
            names: self.names,
            graph: &self.draft.graph,
            findings: self.findings,
            flow,
        }
    }
}

impl<'a> Builder<'a> {
    /// What adds layers at this point of the walk.
    pub(super) fn layers(&mut self) -> Layers<'_, 'a> {
        Layers {
            source: self.source,
            world: self.world,
            names: &self.names,
            draft: &mut self.draft,
            findings: &mut self.findings,
        }
    }

    /// Applies a unit to the flow.
    pub(super) fn unit(&mut self, unit: &'a Unit, flow: Flow, seat: &Seat) -> Passed {
        self.findings.check_attributes(&unit.attributes, false);
        if self.beyond_steps(unit) {
            return Flow::Unknown.into();
        }
        if self.depth >= MAX_DEPTH {
            let headline = format!("structures are nested more than {MAX_DEPTH} deep");
            let error = Error::new(unit.place, headline);
            return self.findings.refuse(unit, error).into();
        }
        if seat.flat && !matches!(unit.kind, UnitKind::Call(_)) {
            self.findings.not_flat(unit);
        }
        self.depth += 1;
        let passed = match &unit.kind {
            UnitKind::Call(call) => match self.shares_block(call) {
                Some(error) => self.findings.refuse(unit, error).into(),
                None => self.call(unit, call, flow, seat),
            },
            UnitKind::Group(body) => self.group(body, flow, seat),
            UnitKind::Residual(residual) => self.residual(unit, residual, flow, seat),
            UnitKind::Merge(merge) => self.merge(unit, merge, &flow, seat),
            UnitKind::Repeat(repeat) => self.repeat(unit, repeat, flow, seat),
            UnitKind::If(conditional) => self.conditional(conditional, flow, seat),
            UnitKind::Path(path) => {
                let network = Called {
                    place: unit.place,
                    span: unit.place.first,
                    name: path.to_string(),
                    path: path.path.clone(),
                };
                let before = self.findings.errors.len();
                let given = self.at(&flow).given_of(&path.arguments);
                self.findings.misgiven(unit, before);
                self.layers().foreign(unit, &network, &given, &flow, seat)
            }
            UnitKind::Custom(path) => self.layers().custom(unit, path, &flow, seat),
        };
        self.depth -= 1;
        passed
    }

    /// A call of a layer, a block or a network by its name.
    fn call(&mut self, unit: &Unit, call: &Call, flow: Flow, seat: &Seat) -> Passed {
        let before = self.findings.errors.len();
        let given = self.at(&flow).given(call);
        self.findings.misgiven(unit, before);
        let applying = Applying {
            unit,
            name: call.name.clone(),
            home: self.findings.trail.home(),
            given,
        };
        self.apply(applying, flow, seat)
    }

    /// The error for `shared` of a block, which has no weights of its own.
    fn shares_block(&self, call: &Call) -> Option<Error> {
        let named =
            |argument: &&Argument| argument.name.as_ref().is_some_and(|name| name == "shared");
        let shared = call.arguments.iter().find(named)?;
        let name = self.names.layer(&call.name);
        let home = self.names.home(&call.name, self.findings.trail.home());
        let block = self.source.file.block(home, &name.to_string())?;
        if block
            .parameters
            .iter()
            .any(|parameter| parameter.name == "shared")
        {
            return None;
        }
        let headline =
            format!("`{name}` is a block, which is written anew at each call: a network is shared");
        let error = Error::new(shared.place(), headline);
        Some(error.help(format!(
            "make it a network of its own, `struct {name}(..) -> ..`, and call that with `{shared}`"
        )))
    }

    /// Applies a layer, a block, or the parameter that stands for one.
    fn apply(&mut self, mut applying: Applying<'_>, flow: Flow, seat: &Seat) -> Passed {
        if let UnitKind::Call(call) = &applying.unit.kind
            && !call.prefix.is_empty()
        {
            if let Some(path) = &call.path
                && call.applied.is_none()
                && !foreign::is_known(&call.name.to_string())
                && applying.given.iter().all(network::given::is_value)
            {
                let network = Called {
                    place: applying.unit.place,
                    span: applying.unit.place.first,
                    name: path.to_string().replace(' ', ""),
                    path: path.clone(),
                };
                let (unit, given) = (applying.unit, &applying.given);
                return self.layers().foreign(unit, &network, given, &flow, seat);
            }
            return self.instead(&applying, &call.prefix, &flow, seat);
        }
        let text = applying.name.to_string();
        if let Some(value) = self.names.value(&text).cloned() {
            match value {
                Val::Word(word) => {
                    applying.name = word.name;
                    applying.home = word.home;
                }
                Val::Layer(applied) if applying.given.is_empty() => {
                    applying.name = applied.name.clone();
                    applying.home = applied.home;
                    applying.given = applied.arguments.clone();
                }
                Val::Unknown => return Flow::Unknown.into(),
                Val::Layer(applied) => {
                    let headline =
                        format!("`{text}` is `{}`, which has its arguments", applied.text);
                    let error = Error::new(applying.name.span(), headline);
                    let error = error.help(format!("write the layer as `{text}`"));
                    return self.findings.refuse(applying.unit, error).into();
                }
                other => {
                    let headline = format!("`{text}` is {}, not a layer", other.noun());
                    let error = Error::new(applying.name.span(), headline);
                    return self.findings.refuse(applying.unit, error).into();
                }
            }
        }
        let text = applying.name.to_string();
        if let Some(entry) = catalogue::find(&text) {
            return self
                .layers()
                .layer(&applying, entry, Vec::new(), &flow, seat);
        }
        let file = self.source.file;
        if let Some(block) = file.block(applying.home, &text) {
            return self.block(&applying, block, flow, seat);
        }
        let mut networks = file.networks.iter().filter(|_| applying.home.is_own());
        if let Some(network) = networks.find(|network| network.name == text) {
            return self.layers().local(&applying, network, &flow, seat);
        }
        if file.lost && text.starts_with(char::is_uppercase) {
            return Flow::Unknown.into();
        }
        if network::is_foreign(file, &applying) {
            let name = &applying.name;
            let network = Called {
                place: Place::at(name.span()),
                span: name.span(),
                name: text,
                path: quote::quote!(#name),
            };
            return self
                .layers()
                .foreign(applying.unit, &network, &applying.given, &flow, seat);
        }
        self.instead(&applying, "", &flow, seat)
    }
}

impl Findings {
    /// Tells of `#[flat]` where there is no scope that it could open up.
    fn not_flat(&mut self, unit: &Unit) {
        let error = Error::new(
            unit.place,
            "`#[flat]` is for a call of a block or a layer, whose layers or tensors are then named as if written here",
        );
        self.tell_of(unit, error.help("leave `#[flat]` out"));
    }
}
