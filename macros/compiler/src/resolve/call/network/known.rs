//! What the networks of the invocation are as layers: each is resolved once.

use std::cell::RefCell;
use std::rc::Rc;

use crate::graph::Resolved;
use crate::ordered::Names;
use crate::resolve::world::{self, World};
use crate::syntax::tree::{File, Network};

/// The networks of the invocation that were resolved on the way to another one.
#[derive(Debug, Default)]
pub(in crate::resolve) struct Known {
    found: RefCell<Names<Form>>,
}

/// What a network is as a layer.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// All of it is known.
    Whole(Rc<Resolved>),
    /// Only rustc knows a part of it.
    Symbolic,
    /// An error elsewhere says why it is not known.
    Wrong,
}

impl World<'_> {
    /// What a network of this invocation is.
    pub(super) fn form(&self, file: &File, network: &Network) -> Form {
        let name = network.name.to_string();
        let known = self.known;
        if let Some(found) = known.found.borrow().get(&name) {
            return found.clone();
        }
        let outcome = world::resolve(file, network, known);
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
}
