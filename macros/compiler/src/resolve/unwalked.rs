//! What no walk comes to: blocks that nobody calls, and branches that are not taken. Of
//! their values nothing is known; a layer that there is not is told all the same.

use proc_macro2::Ident;
use shapewise_core::catalogue;

use super::Builder;
use super::call::Applying;
use super::call::unknown::assigned;
use super::scope::Flow;
use crate::ordered::Set;
use crate::report::Error;
use crate::syntax::tree::{Body, File, Home, Item, Statement, Unit, UnitKind};

impl<'a> Builder<'a> {
    /// Looks at the blocks of the invocation, of which the first network tells: what
    /// stands before them, what they are called, and what is in those that no network
    /// comes to.
    pub(super) fn blocks(&mut self) {
        let file = self.source.file;
        let network = &self.source.network.name;
        if file
            .networks
            .first()
            .is_none_or(|first| first.name != *network)
        {
            return;
        }
        self.all_blocks();
    }

    /// Looks at the blocks of the invocation, whichever network is walked over.
    pub(super) fn all_blocks(&mut self) {
        let file = self.source.file;
        let called = called(file);
        for block in file.own_blocks() {
            self.findings
                .check_attributes_of(&block.attributes, "a block", &["doc", "cfg"]);
            let name = &block.name;
            if catalogue::find(&name.to_string()).is_some() {
                let headline = format!("the layer `{name}` is called instead of this block");
                let error = Error::new(name.span(), headline);
                self.findings.tell(error.help("give it another name"));
            }
            if !called.contains(&block.name.to_string()) {
                let parameters = block.parameters.iter();
                let own = parameters.map(|parameter| &parameter.name).collect();
                self.unwalked(&block.body, own);
            }
        }
    }

    /// Looks at a body; `own` are the names that may stand for layers in it.
    pub(super) fn unwalked(&mut self, body: &'a Body, mut own: Vec<&'a Ident>) {
        own.extend(body.items.iter().filter_map(|item| match item {
            Item::Let(defined) => Some(&defined.name),
            _ => None,
        }));
        for statement in statements(body).filter(|statement| statement.foreign) {
            if let Some(unit) = statement.units.first() {
                self.findings.tell_of(unit, assigned(statement));
            }
        }
        for unit in units(body) {
            if let UnitKind::Call(call) = &unit.kind
                && !own.contains(&&call.name)
                && (!call.prefix.is_empty() || !self.is_layer(&call.name.to_string()))
            {
                let applying = Applying {
                    unit,
                    name: call.name.clone(),
                    home: self.findings.trail.home(),
                    given: Vec::new(),
                };
                let unknown = self
                    .at(&Flow::Unknown)
                    .unknown_layer(&applying, &call.prefix);
                self.findings.tell_of(unit, unknown.error);
            }
            for inner in unit.bodies() {
                self.unwalked(inner, own.clone());
            }
        }
    }

    /// Whether a name may be that of a layer: those of blocks and networks begin with a
    /// capital letter, and may stand anywhere.
    fn is_layer(&self, name: &str) -> bool {
        let file = self.source.file;
        name.starts_with(char::is_uppercase)
            || catalogue::find(name).is_some()
            || self.names.value(name).is_some()
            || file.block(self.findings.trail.home(), name).is_some()
            || file.networks.iter().any(|network| network.name == name)
    }
}

fn statements(body: &Body) -> impl Iterator<Item = &Statement> {
    body.items.iter().filter_map(|item| match item {
        Item::Statement(statement) => Some(statement),
        _ => None,
    })
}

/// The units of a body, without those of the bodies in them.
fn units(body: &Body) -> impl Iterator<Item = &Unit> {
    statements(body).flat_map(|statement| &statement.units)
}

/// The names of all that the networks of an invocation call, by way of blocks, too.
fn called(file: &File) -> Set<String> {
    let mut called = Set::new();
    let mut open: Vec<&Body> = file.networks.iter().map(|network| &network.body).collect();
    while let Some(body) = open.pop() {
        for unit in units(body) {
            open.extend(unit.bodies());
            if let UnitKind::Call(call) = &unit.kind
                && called.insert(call.name.to_string())
            {
                let block = file.block(Home::OWN, &call.name.to_string());
                let own = block.filter(|block| block.home.is_own());
                open.extend(own.map(|block| &block.body));
            }
        }
    }
    called
}
